package org.eikonal.studio.scene;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A scene that can't be used as it lies there. The message is one line: file, field, value, remedy. */
public final class SceneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param file the file at fault
     * @param problem what is wrong and what to do about it
     */
    public SceneException(Path file, String problem) {
        super(OneLine.of(file + ": " + problem));
    }

    /**
     * @param file the file at fault
     * @param field the field in it, as in {@code frames[3].file_path}
     * @param value what the field holds; shortened where it is long
     * @param problem what is wrong and what to do about it
     */
    public SceneException(Path file, String field, String value, String problem) {
        this(file, field + " is " + OneLine.shortened(value) + "; " + problem);
    }

    /** A file that the system does not let us read, for the reason that it gives. */
    public static SceneException unreadable(Path file, IOException e) {
        return new SceneException(file, "can't be read (" + reason(e) + "); check the file and its permissions");
    }

    /** The system's reason in words; the JVM's file exceptions say some of them by their class alone. */
    static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "access denied"
                : e instanceof FileSystemException named && named.getReason() != null ? named.getReason()
                : e.getMessage();
    }
}
