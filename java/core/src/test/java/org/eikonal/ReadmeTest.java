package org.eikonal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's lines of Java are compiled and run as they stand there. */
class ReadmeTest {
    private static final String CLASS = """
            import org.eikonal.*;
            public class Readme {
                public static float[] run(float[] points, float[] truth) {
                    %s
                    return field.forward(points); }
                }
            }
            """;

    @Test
    void itsLinesLearn(@TempDir Path classes) throws Exception {
        String readme = Files.readString(Path.of("../../README.md"));
        String lines = readme.substring(readme.indexOf("```java\n") + 8);
        lines = lines.substring(0, lines.indexOf("\n```"));
        assertEquals(10, lines.lines().count());
        // What was learnt is asked before the last brace closes the field.
        compile(classes, CLASS.formatted(lines.substring(0, lines.lastIndexOf('}'))));

        float[] points = new float[512];
        float[] truth = new float[256];
        for (int i = 0; i < truth.length; i++) {
            points[2 * i] = i * 0.618034f % 1;
            points[2 * i + 1] = i / 256f;
            truth[i] = points[2 * i] * points[2 * i + 1];
        }
        float[] learnt;
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            learnt = (float[]) loader.loadClass("Readme").getMethod("run", float[].class, float[].class)
                    .invoke(null, points, truth);
        }
        double loss = 0;
        double before = 0;
        for (int i = 0; i < truth.length; i++) {
            loss += Math.pow(learnt[i] - truth[i], 2) / truth.length;
            before += Math.pow(truth[i], 2) / truth.length;
        }
        assertTrue(loss < before / 100, before + " became " + loss);
    }

    private static void compile(Path classes, String source) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Readme.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        List<String> options = List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        assertTrue(javac.getTask(errors, null, null, options, null, List.of(file)).call(), errors.toString());
    }
}
