package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoxelFileTest {
    @TempDir
    Path folder;

    @Test
    void isNumpysFormat() throws IOException {
        VoxelGrid grid = new VoxelGrid(-1.5, 2, 0.25, 0.125, 5, 3, 2);
        Path file = folder.resolve("voxels.npy");
        VoxelFile.write(grid, z -> {
            float[] plane = new float[15];
            for (int i = 0; i < 15; i++) {
                plane[i] = 100 * z + 10 * (i / 5) + i % 5;
            }
            return plane;
        }, file, folder.resolve("voxels.json"), part -> {});
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        // numpy.lib.format: magic, version, length of the header, which is padded to 64 bytes and ends its line.
        assertEquals("\u0093NUMPY\1\0", new String(bytes.array(), 0, 8, StandardCharsets.ISO_8859_1));
        int start = 10 + bytes.getShort(8);
        assertEquals(0, start % 64);
        String header = new String(bytes.array(), 10, start - 10, StandardCharsets.US_ASCII);
        assertEquals("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 5), }", header.strip());
        assertTrue(header.endsWith(" \n"));
        assertEquals(start + 4 * 30, bytes.capacity());
        assertEquals(123, bytes.getFloat(start + 4 * ((1 * 3 + 2) * 5 + 3)));
        JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("voxels.json")));
        assertEquals("[2,3,5]", json.get("shape").toString());
        assertEquals("[-1.5,2.0,0.25]", json.get("origin").toString());
        assertEquals(0.125, json.get("spacing").asDouble());
    }

    @Test
    void whatIsStoppedLeavesNothing() throws IOException {
        VoxelGrid grid = new VoxelGrid(0, 0, 0, 1, 1000, 1000, 4);
        assertThrows(CancellationException.class, () -> VoxelFile.write(grid, z -> new float[1_000_000],
                folder.resolve("voxels.npy"), folder.resolve("voxels.json"), part -> {
                    if (part > 0.5) {
                        throw new CancellationException();
                    }
                }));
        try (Stream<Path> files = Files.list(folder)) {
            assertFalse(files.findAny().isPresent());
        }
    }
}
