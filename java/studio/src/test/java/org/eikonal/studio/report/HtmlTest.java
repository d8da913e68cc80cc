package org.eikonal.studio.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.StringWriter;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTest {
    @ParameterizedTest
    @ValueSource(strings = {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x",
        "&lt;&amp;#39;", "</title></p></script>", "photos \uD83D\uDCF7 \u00fc", "two\nlines"})
    void whatIsReadComesBackAsText(String text) throws IOException {
        StringWriter out = new StringWriter();
        new Html(out).open("p", "title", text).text(text).close("p");
        Document page = Jsoup.parse(out.toString());
        assertEquals(1, page.body().getAllElements().size() - 1);
        assertEquals(text, page.selectFirst("p").wholeText());
        assertEquals(text, page.selectFirst("p").attr("title"));
        assertEquals(1, page.selectFirst("p").attributesSize());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b", "\u0000", "\ud800", "\udc00", "\u007f"})
    void whatIsNoCharacterIsReplaced(String text) throws IOException {
        StringWriter out = new StringWriter();
        new Html(out).text("a" + text + "b");
        assertEquals("a\uFFFDb", out.toString());
    }
}
