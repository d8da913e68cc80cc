package org.eikonal.studio.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.eikonal.EikonalException;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.scene.SceneException;

/** What went wrong, in one line for a person. */
final class Failures {
    private Failures() {}

    static String message(Throwable failure) {
        return oneLine(text(failure));
    }

    private static String text(Throwable failure) {
        if (failure instanceof UncheckedIOException wrapped) {
            return text(wrapped.getCause());
        }
        if (failure instanceof FileSystemException e) {
            return e.getFile() + ": " + reason(e);
        }
        if (failure instanceof OutOfMemoryError) {
            return "not enough memory (" + failure.getMessage()
                    + "); give the program more, such as by JAVA_TOOL_OPTIONS=-Xmx8g";
        }
        boolean meant = failure instanceof EikonalException || failure instanceof RunException
                || failure instanceof SceneException || failure instanceof IllegalArgumentException
                || failure instanceof IOException;
        if (meant && failure.getMessage() != null) {
            return failure.getMessage();
        }
        return "internal error: " + failure + "; --verbose shows where";
    }

    /** The JVM's file exceptions say what is wrong by their class alone. */
    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "access denied; check the permissions";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return "a file is where a folder is needed";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }

    static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
    }
}
