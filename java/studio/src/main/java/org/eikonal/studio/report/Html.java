package org.eikonal.studio.report;

import java.io.IOException;
import java.io.Writer;

/** Writes HTML element by element; text and attributes are escaped, whatever they hold. */
final class Html {
    private final Writer out;

    Html(Writer out) {
        this.out = out;
    }

    /** @param attributes names and values in turn */
    Html open(String tag, String... attributes) throws IOException {
        out.write("<" + tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.write(" " + attributes[i] + "=\"");
            escape(attributes[i + 1]);
            out.write("\"");
        }
        out.write(">");
        return this;
    }

    Html close(String tag) throws IOException {
        out.write("</" + tag + ">\n");
        return this;
    }

    Html text(String text) throws IOException {
        escape(text);
        return this;
    }

    /** An element that holds text only. */
    Html element(String tag, String text, String... attributes) throws IOException {
        return open(tag, attributes).text(text).close(tag);
    }

    /** What is HTML already: this project's own style and script, never anything that was read. */
    Html raw(String html) throws IOException {
        out.write(html);
        return this;
    }

    private void escape(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.write("&amp;");
                case '<' -> out.write("&lt;");
                case '>' -> out.write("&gt;");
                case '"' -> out.write("&quot;");
                case '\'' -> out.write("&#39;");
                // Half a pair of surrogates and terminal codes are no characters of a page.
                default -> out.write(Character.isISOControl(c) && c != '\n' || Character.isSurrogate(c)
                        && !isPaired(text, i) ? '\uFFFD' : c);
            }
        }
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
