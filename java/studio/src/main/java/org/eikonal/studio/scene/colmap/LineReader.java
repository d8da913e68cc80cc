package org.eikonal.studio.scene.colmap;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eikonal.studio.scene.OneLine;
import org.eikonal.studio.scene.SceneException;

/** Reads words of lines, knows the line's number for complaints, and never keeps more than a short part of a line. */
final class LineReader implements AutoCloseable {
    private static final int LONGEST_LINE = 1 << 16;

    private final Path file;
    private final InputStream in;
    private long number;
    private boolean ended;

    interface Content<T> {
        T read(LineReader in) throws IOException;
    }

    private LineReader(Path file) throws IOException {
        this.file = file;
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    static <T> T read(Path file, Content<T> content) {
        try (LineReader in = new LineReader(file)) {
            return content.read(in);
        } catch (IOException e) {
            throw SceneException.unreadable(file, e);
        }
    }

    /**
     * The words of the next line that is neither empty nor a comment; null at the end.
     *
     * @param least how many there must be
     * @param most how many there are at most: the last has the rest of the line
     */
    String[] next(int least, int most) throws IOException {
        while (!ended) {
            String line = line().strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                String[] words = line.split("\\s+", most);
                if (words.length < least) {
                    throw wrong("it has " + words.length + " words where there should be " + least
                            + " at least: export the model again");
                }
                return words;
            }
        }
        return null;
    }

    /** Passes over a line, whatever it holds. */
    void skip() throws IOException {
        line();
    }

    double number(String word) {
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw wrong("'" + OneLine.shortened(word) + "' is no number");
        }
    }

    int integer(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw wrong("'" + OneLine.shortened(word) + "' is no whole number of 32 bits");
        }
    }

    void limit(String what, int count, int most) {
        if (count > most) {
            throw wrong("there are more than " + most + " " + what + ", which is the limit: split the scene");
        }
    }

    SceneException wrong(String problem) {
        return new SceneException(file, "line " + number + ": " + problem);
    }

    /** The line's beginning; what is longer than any line that is looked at is passed over. */
    private String line() throws IOException {
        number++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int value = in.read();
        for (; value >= 0 && value != '\n'; value = in.read()) {
            if (bytes.size() < LONGEST_LINE) {
                bytes.write(value);
            }
        }
        ended = value < 0;
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
