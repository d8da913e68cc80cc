package org.eikonal.studio.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A small reader of binary PLY by its header: properties in any order, of any of the types float, uchar and int, and
 * nothing behind the last element.
 */
public record PlyReader(float[] positions, float[] normals, byte[] colors, int[] triangles) {
    private record Element(String name, int count, Map<String, String> properties) {}

    public static PlyReader read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("end_header\n") + "end_header\n".length();
        String[] lines = text.substring(0, end).split("\n");
        if (!lines[0].equals("ply") || !lines[1].equals("format binary_little_endian 1.0")) {
            throw new IOException("no binary PLY: " + lines[0] + ", " + lines[1]);
        }
        Map<String, Element> elements = new LinkedHashMap<>();
        Element last = null;
        for (String line : lines) {
            String[] words = line.split(" ");
            if (words[0].equals("element")) {
                last = new Element(words[1], Integer.parseInt(words[2]), new LinkedHashMap<>());
                elements.put(last.name, last);
            } else if (words[0].equals("property")) {
                last.properties.put(words[words.length - 1], line.substring("property ".length(),
                        line.length() - words[words.length - 1].length() - 1));
            }
        }
        ByteBuffer data = ByteBuffer.wrap(bytes, end, bytes.length - end).order(ByteOrder.LITTLE_ENDIAN);
        int n = elements.get("vertex").count;
        PlyReader read = new PlyReader(new float[3 * n], new float[3 * n], new byte[3 * n],
                new int[3 * (elements.containsKey("face") ? elements.get("face").count : 0)]);
        for (Element element : elements.values()) {
            for (int i = 0; i < element.count; i++) {
                Map<String, Double> row = new HashMap<>();
                for (Map.Entry<String, String> property : element.properties.entrySet()) {
                    if (property.getValue().equals("list uchar int")) {
                        if (data.get() != 3) {
                            throw new IOException("a face of other than three corners");
                        }
                        for (int k = 0; k < 3; k++) {
                            read.triangles[3 * i + k] = data.getInt();
                        }
                    } else {
                        row.put(property.getKey(), switch (property.getValue()) {
                            case "float" -> (double) data.getFloat();
                            case "uchar" -> (double) (data.get() & 255);
                            default -> throw new IOException("a property of type " + property.getValue());
                        });
                    }
                }
                if (element.name.equals("vertex")) {
                    read.put(i, row);
                }
            }
        }
        if (data.hasRemaining()) {
            throw new IOException(data.remaining() + " bytes behind the last element");
        }
        return read;
    }

    private void put(int vertex, Map<String, Double> row) {
        String[][] names = {{"x", "nx", "red"}, {"y", "ny", "green"}, {"z", "nz", "blue"}};
        for (int k = 0; k < 3; k++) {
            positions[3 * vertex + k] = row.get(names[k][0]).floatValue();
            normals[3 * vertex + k] = row.get(names[k][1]).floatValue();
            colors[3 * vertex + k] = row.get(names[k][2]).byteValue();
        }
    }
}
