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
import org.eikonal.studio.scene.OneLine;
import org.eikonal.studio.scene.SceneException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, in one line for a person. */
final class Failures {
    private Failures() {}

    static String message(Throwable failure) {
        return OneLine.of(text(failure));
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
            return "a file is where a folder is needed; choose another place";
        }
        if (e.getReason() == null) {
            return e.getClass().getSimpleName();
        }
        return switch (e.getReason()) {
            case "Not a directory" -> "a file is where a folder is needed; choose another place";
            case "Is a directory" -> "a folder is where a file is needed; remove it, or choose another place";
            case "No space left on device", "Disk quota exceeded", "File too large" ->
                    "there is no room (" + e.getReason() + "); free some, and what was saved before is still there";
            default -> e.getReason();
        };
    }

    /** What is wrong with a command line, without the words of programmers. */
    static String usage(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            CommandLine command = e.getCommandLine();
            String argument = "'" + unmatched.getUnmatched().get(0) + "'";
            return OneLine.of(command.getParent() == null
                    ? "unknown command " + argument + "; known are "
                            + String.join(", ", command.getSubcommands().keySet())
                    : "one argument too many: " + argument);
        }
        return OneLine.of(e.getMessage()).replaceFirst("^Error: ", "")
                .replaceFirst("is not an? (int|long)$", "is no whole number")
                .replaceFirst("is not a (float|double)$", "is no number");
    }
}
