package org.eikonal.studio.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eikonal.studio.run.RunException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    @TempDir
    Path folder;

    private static ByteBuffer floats(float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : numbers) {
            bytes.putFloat(number);
        }
        return bytes.flip();
    }

    private Path file(String header, int data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(folder.resolve("made.safetensors"), bytes.putLong(text.length).put(text).array());
    }

    private void refused(String header, int data, String why) throws IOException {
        Path file = file(header, data);
        String message = assertThrows(RunException.class, () -> SafeTensors.read(file), header).getMessage();
        assertTrue(message.startsWith(file + ": damaged field file (") && message.contains(why), message);
    }

    @Test
    void bytesAreWhereTheFormatWantsThem() throws IOException {
        Path file = folder.resolve("a.safetensors");
        new SafeTensors(Map.of("k", "v"), List.of(new SafeTensors.Tensor("a", List.of(2L, 1L), floats(1.5f, -2)),
                new SafeTensors.Tensor("b", List.of(), floats(3)))).write(file);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong(0);
        assertEquals(0, length % 8);
        assertEquals("{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}",
                new String(bytes.array(), 8, length, StandardCharsets.UTF_8).strip());
        assertEquals(8 + length + 12, bytes.capacity());
        assertEquals(-2, bytes.getFloat(8 + length + 4));
        SafeTensors read = SafeTensors.read(file);
        assertEquals(Map.of("k", "v"), read.metadata());
        assertEquals(List.of(2L, 1L), read.tensors().get(0).shape());
        assertEquals(floats(1.5f, -2), read.tensors().get(0).bytes());
        assertEquals(floats(3), read.tensors().get(1).bytes());
    }

    @Test
    void lengthsAreHeldAgainstTheFile() throws IOException {
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        assertEquals(1, SafeTensors.read(file("{" + a + "}", 8)).tensors().size());
        refused("{" + a + "}", 7, "its tensors end at byte 8 of 7");
        refused("{" + a + "}", 12, "its tensors end at byte 8 of 12");
        refused("{" + a + "," + a + "}", 8, "uplicate");
        refused("{" + a + "," + a.replace("\"a\"", "\"b\"") + "}", 8,
                "tensor b begins at byte 0, the one before ends at 8");
        refused("{" + a + "," + a.replace("\"a\"", "\"b\"").replace("[0,8]", "[12,20]") + "}", 20, "begins at byte 12");
        refused("{" + a.replace("[0,8]", "[0,12]") + "}", 12, "of shape [2] lies at bytes 0 to 12");
        refused("{" + a.replace("[0,8]", "[8,0]") + "}", 8, "lies at bytes 8 to 0");
        refused("{" + a.replace("[0,8]", "[-8,0]") + "}", 8, "lies at bytes -8 to 0");
        refused("{" + a.replace("[0,8]", "[0,1e3]") + "}", 8, "lacks its shape or data_offsets");
        refused("{" + a.replace("[0,8]", "[0,99999999999999999999]") + "}", 8, "lacks its shape or data_offsets");
        refused("{" + a.replace("[2]", "[-2]") + "}", 8, "a side of -2");
        refused("{" + a.replace("[2]", "[2147483647,2147483647,2147483647]") + "}", 8, "has more than");
        refused("{" + a.replace("F32", "F16") + "}", 8, "is of \"F16\"");
        refused("{\"a\":7}", 0, "lacks its shape");
        refused("[]", 0, "is no JSON object");
        refused("{" + a, 8, "it ends in the middle");
        refused("{} {}", 0, "its header");
        refused("x", 0, "a header of 1 bytes");
    }

    @Test
    void theHeadersLengthIsNotBelieved() throws IOException {
        Path file = folder.resolve("b.safetensors");
        for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 3, 0}) {
            Files.write(file, ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
            String message = assertThrows(RunException.class, () -> SafeTensors.read(file)).getMessage();
            assertTrue(message.contains("a header of " + Long.toUnsignedString(length) + " bytes in a file of 10"),
                    message);
        }
        for (int size = 0; size < 8; size++) {
            Files.write(file, new byte[size]);
            assertThrows(RunException.class, () -> SafeTensors.read(file));
        }
        assertTrue(assertThrows(RunException.class, () -> SafeTensors.read(folder)).getMessage()
                .contains("no such file"));
    }

    @Test
    void deepAndLongHeadersEnd() throws IOException {
        char[] deep = new char[100_000];
        Arrays.fill(deep, '[');
        refused("{\"a\":" + new String(deep), 0, "its header");
    }
}
