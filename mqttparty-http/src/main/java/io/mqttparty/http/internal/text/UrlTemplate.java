package io.mqttparty.http.internal.text;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicName;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An absolute http or https URL with variables in its path and query. What a variable stands for is percent-encoded, so that it stays within the
 * one segment or the one query value where the variable is, whatever a client calls itself.
 *
 * <p>What cannot be one segment of a path has no URL: {@code .} and {@code ..}, which mean other resources also when they are encoded (RFC 3986 section 6.2.2, and
 * servers do normalise them), and the empty text, since servers merge the separators around it.
 */
public final class UrlTemplate {
    private static final String NAME = "url";
    private static final String RULE = "an absolute http or https URL without user info and fragment";

    private final String text;
    private final Template template;
    private final URI origin;
    private final int pathFrom;
    private final boolean endsWithSeparator;
    private final @Nullable URI fixed;

    private UrlTemplate(String text, Template template, URI sample, int pathFrom) {
        this.text = text;
        this.template = template;
        this.origin = origin(sample);
        this.pathFrom = pathFrom;
        this.endsWithSeparator = endsWithSeparator(text, pathFrom);
        this.fixed = template.hasVariables() ? null : sample;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it is no such URL, has a variable that is not known, or one in front of its path
     */
    public static UrlTemplate parse(String text) {
        Template template = Template.parse(NAME, text);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                throw refused(text, "ASCII without blanks, the rest percent-encoded");
            }
        }
        int slashes = text.indexOf("://");
        if (slashes < 0) {
            throw refused(text, RULE);
        }
        int pathFrom = endOfAuthority(text, slashes + 3);
        if (text.substring(0, pathFrom).indexOf('{') >= 0) {
            throw refused(text, "variables in path and query only");
        }
        URI sample = uri(text.replaceAll("\\{[^}]*}", "x"), text);
        String scheme = sample.getScheme().toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("http") || scheme.equals("https");
        if (!web
                || sample.getHost() == null
                || sample.getPort() > 65_535
                || sample.getPort() == 0
                || sample.getRawUserInfo() != null
                || sample.getRawFragment() != null) {
            throw refused(text, RULE);
        }
        UrlTemplate parsed = new UrlTemplate(text, template, sample, pathFrom);
        if (template.hasVariables() && !parsed.hasWholeSegments(sample.toString())) {
            throw refused(text, "a path without empty and dot segments");
        }
        return parsed;
    }

    private static int endOfAuthority(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return text.length();
    }

    private static URI uri(String url, String text) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) { // its message quotes all of it
            throw refused(text, RULE);
        }
    }

    /** The message hides user info, which no URL may have but which is a password if one has it. */
    private static IllegalArgumentException refused(String text, String rule) {
        String shown = text.replaceFirst("//[^/?#]*@", "//…@");
        return new IllegalArgumentException(NAME + ": " + shown + " (expected: " + rule + ")");
    }

    private static URI origin(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        int port = url.getPort() < 0 ? usual : url.getPort();
        return URI.create(scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + ":" + port);
    }

    /** Scheme, host and port, in lower case and with the port always there: the same for every URL of this template. */
    public URI origin() {
        return origin;
    }

    /** The highest N of <code>{topic.N}</code>; 0 if there is none. */
    public int highestLevel() {
        return template.highestLevel();
    }

    /** The URL for a message; empty if a value of it cannot be one segment of a path. */
    public Optional<URI> expand(ClientId client, TopicName topic) {
        if (fixed != null) {
            return Optional.of(fixed);
        }
        StringBuilder url = new StringBuilder(text.length() + 64);
        template.expand(url, client, topic, PercentEncoding::append);
        String expanded = url.toString();
        return hasWholeSegments(expanded) ? Optional.of(URI.create(expanded)) : Optional.empty();
    }

    /** Whether no segment of the path is a dot segment, or is empty unless it is the last and the template ends so. */
    private boolean hasWholeSegments(String url) {
        int query = url.indexOf('?', pathFrom);
        int end = query < 0 ? url.length() : query;
        int from = pathFrom + 1;
        while (from < end) {
            int separator = url.indexOf('/', from);
            int to = separator < 0 || separator > end ? end : separator;
            if (to == from || isDots(url, from, to)) {
                return false;
            }
            if (to == end) {
                return true;
            }
            from = to + 1;
        }
        return endsWithSeparator;
    }

    private static boolean isDots(String url, int from, int to) {
        return to - from <= 2 && url.charAt(from) == '.' && url.charAt(to - 1) == '.';
    }

    private static boolean endsWithSeparator(String text, int pathFrom) {
        int query = text.indexOf('?', pathFrom);
        int end = query < 0 ? text.length() : query;
        return end == pathFrom || text.charAt(end - 1) == '/';
    }

    /** The template as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
