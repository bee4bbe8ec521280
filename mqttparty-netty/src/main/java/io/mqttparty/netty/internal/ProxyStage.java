package io.mqttparty.netty.internal;

import io.netty.channel.Channel;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The PROXY protocol: each connection must come from a trusted source and begin with a header that names the real peer. */
public final class ProxyStage implements PipelineStage {
    /** What a header of version 2 has at most without additional fields; Netty's decoder counts its limit from there. */
    public static final int FIXED_HEADER_BYTES = 232;

    private final List<IpSubnetFilterRule> trusted;
    private final int maxAdditionalBytes;
    private final Duration headerTimeout;

    /**
     * A stage for these networks, such as {@code 10.0.0.0/8}, and limits.
     *
     * @throws NoClassDefFoundError if the optional jar with the decoder is missing: here and not at the first connection
     */
    public ProxyStage(List<String> trusted, int maxHeaderBytes, Duration headerTimeout) {
        this.trusted = trusted.stream().map(ProxyStage::network).toList();
        this.maxAdditionalBytes = ProxyHeaderDecoder.maxAdditionalBytes(maxHeaderBytes);
        this.headerTimeout = headerTimeout;
    }

    private static IpSubnetFilterRule network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address); // Asks no name server.
        String prefix = slash < 0 ? "" : text.substring(slash + 1);
        if (bytes == null || (slash >= 0 && !prefix.matches("\\d{1,3}"))) {
            throw unknown(text, null);
        }
        try {
            int bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(prefix);
            return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException e) {
            throw unknown(text, e);
        }
    }

    private static IllegalArgumentException unknown(String text, @Nullable IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "trusted: " + text + " (expected: an address or a network such as 10.0.0.0/8 or fd00::/8)", cause);
    }

    boolean trusts(InetSocketAddress source) {
        return trusted.stream().anyMatch(network -> network.matches(source));
    }

    @Override
    public void addTo(Channel channel, NettyConnection connection) {
        channel.pipeline()
                .addLast(
                        new ProxyHeaderDecoder(maxAdditionalBytes, connection),
                        new ProxyHeaderHandler(this, connection, headerTimeout));
    }
}
