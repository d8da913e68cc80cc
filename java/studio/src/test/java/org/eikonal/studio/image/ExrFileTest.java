package org.eikonal.studio.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files read back by the words of OpenEXR's file layout. */
class ExrFileTest {
    private static String text(ByteBuffer file) {
        StringBuilder text = new StringBuilder();
        for (byte next = file.get(); next != 0; next = file.get()) {
            text.append((char) next);
        }
        return text.toString();
    }

    private static Map<String, float[]> read(byte[] bytes, int width, int height) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertArrayEquals(new byte[] {0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0}, Arrays.copyOf(bytes, 8));
        file.position(8);
        List<String> names = new ArrayList<>();
        List<String> attributes = new ArrayList<>();
        for (String name = text(file); !name.isEmpty(); name = text(file)) {
            String type = text(file);
            ByteBuffer value = file.slice(file.position() + 4, file.getInt()).order(ByteOrder.LITTLE_ENDIAN);
            file.position(file.position() + value.remaining());
            attributes.add(name + ":" + type);
            switch (name) {
                case "channels" -> {
                    for (String channel = text(value); !channel.isEmpty(); channel = text(value)) {
                        names.add(channel);
                        assertEquals(2, value.getInt(), "FLOAT");
                        value.getInt();
                        assertEquals(1, value.getInt());
                        assertEquals(1, value.getInt());
                    }
                }
                case "compression", "lineOrder" -> assertEquals(0, value.get());
                case "dataWindow", "displayWindow" -> assertEquals(List.of(0, 0, width - 1, height - 1),
                        List.of(value.getInt(), value.getInt(), value.getInt(), value.getInt()));
                default -> { }
            }
        }
        assertEquals(List.of("channels:chlist", "compression:compression", "dataWindow:box2i", "displayWindow:box2i",
                "lineOrder:lineOrder", "pixelAspectRatio:float", "screenWindowCenter:v2f", "screenWindowWidth:float"),
                attributes);
        Map<String, float[]> channels = new LinkedHashMap<>();
        names.forEach(name -> channels.put(name, new float[width * height]));
        int table = file.position();
        for (int y = 0; y < height; y++) {
            file.position((int) file.getLong(table + 8 * y));
            assertEquals(y, file.getInt());
            assertEquals(4 * width * names.size(), file.getInt());
            for (String name : names) {
                for (int x = 0; x < width; x++) {
                    channels.get(name)[y * width + x] = file.getFloat();
                }
            }
        }
        assertEquals(bytes.length, file.position());
        return channels;
    }

    private static float[] random(int count) {
        Random random = new Random(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (1e4 * random.nextGaussian());
        }
        return values;
    }

    @Test
    void everyBitComesBackInTheOrderOfNames() {
        float[] depth = random(7 * 5);
        depth[3] = Float.NaN;
        depth[4] = Float.POSITIVE_INFINITY;
        float[] red = random(35);
        float[] alpha = random(35);
        Map<String, float[]> channels = new LinkedHashMap<>();
        channels.put("Z", depth);
        channels.put("R", red);
        channels.put("A", alpha);
        Map<String, float[]> read = read(ExrFile.encode(7, 5, channels), 7, 5);
        assertEquals(List.of("A", "R", "Z"), List.copyOf(read.keySet()));
        assertArrayEquals(depth, read.get("Z"));
        assertArrayEquals(red, read.get("R"));
        assertArrayEquals(alpha, read.get("A"));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ExrFile.encode(2, 2, Map.of("Z", new float[3])));
        assertThrows(IllegalArgumentException.class, () -> ExrFile.encode(2, 2, Map.of()));
    }
}
