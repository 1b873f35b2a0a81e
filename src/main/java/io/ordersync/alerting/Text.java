package io.ordersync.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.function.UnaryOperator;

/** Text within a vendor's bounds. */
final class Text {

    private Text() {}

    /** The head of {@code text} that has at most so many bytes in UTF-8, with an ellipsis when it is not all. */
    static String cut(String text, int bytes) {
        if (text.getBytes(UTF_8).length <= bytes) {
            return text;
        }
        StringBuilder head = new StringBuilder();
        int left = bytes - "…".getBytes(UTF_8).length;
        for (int code : text.codePoints().toArray()) {
            String next = Character.toString(code);
            left -= next.getBytes(UTF_8).length;
            if (left < 0) {
                break;
            }
            head.append(next);
        }
        return head.append('…').toString();
    }

    /**
     * As many of {@code lines} as fit, each with a line break, and how many there are more; never more than so many bytes.
     *
     * @param more says so, of a number
     */
    static String fit(List<String> lines, int bytes, UnaryOperator<String> more) {
        StringBuilder text = new StringBuilder();
        int used = 0;
        for (int i = 0; i < lines.size(); i++) {
            String rest = more.apply(Integer.toString(lines.size() - i));
            String line = lines.get(i) + "\n";
            int size = line.getBytes(UTF_8).length;
            boolean last = i == lines.size() - 1;
            if (used + size + (last ? 0 : rest.getBytes(UTF_8).length) > bytes) {
                return cut(text + rest, bytes);
            }
            text.append(line);
            used += size;
        }
        return text.toString();
    }

    /**
     * Ids as they are, without what DingTalk's and WeCom's markdown takes for a link, an image, a mention or a font: neither
     * documents how to escape it, so its full-width twin stands there.
     */
    static String withoutMarkup(String text) {
        return text.replace('[', '［')
                .replace(']', '］')
                .replace('<', '＜')
                .replace('>', '＞')
                .replace('*', '＊')
                .replace('`', '\'')
                .replace("://", "：//");
    }
}
