package io.mqttparty.testkit.robustness;

import io.mqttparty.testkit.LoopbackConnection;
import java.util.Random;

/** Where the clients of a chaos test are: one broker, or several on one backend. */
interface ChaosGround {
    /** A new connection, to wherever chance will have it. */
    LoopbackConnection connect(Random random);

    /** Lets time pass. */
    void advanceSeconds(double seconds);
}
