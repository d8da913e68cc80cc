package org.eikonal.studio.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every reader of files, given hostile ones: see {@link Fuzz}. */
class FuzzTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyReaderRefusesInOneLine() throws Exception {
        Path inside = Files.createDirectory(folder.toRealPath().resolve("inside"));
        Path secret = inside.resolve("secret.png");
        PictureFiles.writePng(new Picture(16, 16, new byte[4 * 16 * 16]), secret);
        Fuzz fuzz = new Fuzz(inside, secret);
        assertTrue(fuzz.notesReads(), "this file system does not note when a file was read; use another -Djava.io.tmpdir");
        List<Fuzz.Subject> subjects = new Subjects(inside).all();
        return subjects.stream().map(subject ->
                dynamicTest(subject.name(), () -> fuzz.run(subject, 1.0 / subjects.size())));
    }
}
