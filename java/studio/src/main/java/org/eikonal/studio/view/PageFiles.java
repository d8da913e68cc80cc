package org.eikonal.studio.view;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the page, out of the program's jar: by plain names alone, so that nothing else can be meant. */
final class PageFiles {
    private static final Pattern RESOURCE = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\\.[a-z]+)*\\.([a-z]+)");
    private static final Map<String, String> TYPES = Map.of("js", "text/javascript", "css", "text/css",
            "svg", "image/svg+xml", "png", "image/png");

    private PageFiles() {}

    /** The page itself. */
    static void page(Context context) throws IOException {
        context.header("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self';"
                + " img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'");
        context.contentType("text/html; charset=utf-8").result(bytes("index.html"));
    }

    /** A module or a style of the page, or of a library in a folder beside it. */
    static void resource(Context context, String folder) throws IOException {
        String path = context.pathParam("path");
        Matcher name = RESOURCE.matcher(path);
        if (!name.matches() || !TYPES.containsKey(name.group(3))) {
            throw new NotFoundResponse("there is nothing here");
        }
        context.contentType(TYPES.get(name.group(3)) + "; charset=utf-8").result(bytes(folder + path));
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new NotFoundResponse("there is nothing here");
            }
            return in.readAllBytes();
        }
    }
}
