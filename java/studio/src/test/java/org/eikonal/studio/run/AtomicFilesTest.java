package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileIsReplacedAsAWhole() throws IOException {
        Path file = folder.resolve("a.json");
        AtomicFiles.replace(file, "old and longer".getBytes());
        AtomicFiles.replace(file, "new".getBytes());
        assertEquals("new", Files.readString(file));
        assertEquals(List.of("a.json"), names());
    }

    @Test
    void aFailureNamesTheFileAndLeavesTheOldOneAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        FileSystemException e = assertThrows(FileSystemException.class, () -> AtomicFiles.replace(file, channel -> {
            AtomicFiles.writeAll(channel, ByteBuffer.wrap(new byte[100]));
            throw new IOException("No space left on device");
        }));
        assertEquals(file.toString(), e.getFile());
        assertEquals("No space left on device", e.getReason());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a.json"), names());
    }

    @Test
    void linksAreReplacedAndNotWrittenThrough() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "precious");
        Path file = Files.createSymbolicLink(folder.resolve("a.json"), precious);
        Files.createSymbolicLink(folder.resolve(".a.json.tmp"), precious);
        AtomicFiles.replace(file, "new".getBytes());
        assertEquals("precious", Files.readString(precious));
        assertEquals("new", Files.readString(file));
        assertTrue(!Files.isSymbolicLink(file));
        assertEquals(List.of("a.json", "precious.txt"), names());
    }
}
