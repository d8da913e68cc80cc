package org.eikonal.studio.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eikonal.studio.run.AtomicFiles;
import org.eikonal.studio.run.RunException;
import org.eikonal.studio.scene.JsonFault;

/**
 * The safetensors format, of 32-bit floats: the header's length (64 bits), the header (a JSON object: for each tensor
 * dtype, shape, and where its bytes begin and end; {@code __metadata__} of strings), and the tensors' bytes without gap
 * or overlap, all little-endian. Reading believes no number before the file's size confirms it.
 *
 * @param metadata what the file says of itself
 * @param tensors in the order of the file
 */
record SafeTensors(Map<String, String> metadata, List<Tensor> tensors) {
    private static final int LONGEST_HEADER = 16 << 20;
    private static final int LONGEST_FAULT = 300;
    private static final int MOST_BYTES = Integer.MAX_VALUE & ~3;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Numbers of a name.
     *
     * @param shape row-major
     * @param bytes of 32-bit floats, little-endian, from position 0 to the limit
     */
    record Tensor(String name, List<Long> shape, ByteBuffer bytes) {}

    /** Writes the file in place of one that is there. */
    void write(Path file) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode strings = header.putObject("__metadata__");
        metadata.forEach(strings::put);
        long at = 0;
        for (Tensor tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.name()).put("dtype", "F32");
            ArrayNode shape = entry.putArray("shape");
            tensor.shape().forEach(shape::add);
            entry.putArray("data_offsets").add(at).add(at += tensor.bytes().remaining());
        }
        byte[] json = JSON.writeValueAsBytes(header);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        AtomicFiles.replace(file, channel -> {
            LittleEndian out = new LittleEndian(channel);
            out.putLong(padded.length);
            out.put(ByteBuffer.wrap(padded));
            for (Tensor tensor : tensors) {
                out.put(tensor.bytes().duplicate());
            }
        });
    }

    /**
     * Reads a file.
     *
     * @throws RunException in one line, if it is not there, is none or is damaged
     * @throws IOException if it can't be read at all
     */
    static SafeTensors read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new RunException(file + ": no such file; make one with eikonal export RUN field --out FILE");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long length = size < 8 ? -1 : read(channel, 0, 8).getLong();
            if (length < 2 || length > LONGEST_HEADER || length > size - 8) {
                throw damaged(file, size < 8 ? "it has " + size + " bytes"
                        : "a header of " + Long.toUnsignedString(length) + " bytes in a file of " + size);
            }
            JsonNode header = JSON.readTree(
                    new String(read(channel, 8, (int) length).array(), StandardCharsets.UTF_8));
            if (header == null || !header.isObject()) {
                throw damaged(file, "its header is no JSON object");
            }
            Map<String, String> metadata = new LinkedHashMap<>();
            List<Place> places = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : header.properties()) {
                if (entry.getKey().equals("__metadata__")) {
                    for (Map.Entry<String, JsonNode> text : entry.getValue().properties()) {
                        metadata.put(text.getKey(), text.getValue().asText());
                    }
                } else {
                    places.add(Place.of(file, entry.getKey(), entry.getValue()));
                }
            }
            places.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
            long at = 0;
            for (Place place : places) {
                if (place.begin != at) {
                    throw damaged(file, "tensor " + place.name + " begins at byte " + place.begin
                            + ", the one before ends at " + at);
                }
                at = place.end;
            }
            if (at != size - 8 - length) {
                throw damaged(file, "its tensors end at byte " + at + " of " + (size - 8 - length));
            }
            List<Tensor> tensors = new ArrayList<>();
            for (Place place : places) {
                tensors.add(new Tensor(place.name, place.shape,
                        read(channel, 8 + length + place.begin, (int) (place.end - place.begin))));
            }
            return new SafeTensors(metadata, tensors);
        } catch (JsonProcessingException e) {
            throw damaged(file, "its header: " + JsonFault.describe(e));
        } catch (EOFException e) {
            throw damaged(file, "it is cut short");
        }
    }

    /** Where a tensor says that it is. */
    private record Place(String name, List<Long> shape, long begin, long end) {
        static Place of(Path file, String name, JsonNode entry) {
            JsonNode offsets = entry.path("data_offsets");
            JsonNode sides = entry.path("shape");
            if (!offsets.isArray() || offsets.size() != 2 || !offsets.get(0).isIntegralNumber()
                    || !offsets.get(1).isIntegralNumber() || !sides.isArray() || !offsets.get(1).canConvertToLong()) {
                throw damaged(file, "tensor " + name + " lacks its shape or data_offsets");
            }
            if (!entry.path("dtype").asText().equals("F32")) {
                throw damaged(file, "tensor " + name + " is of " + entry.path("dtype") + ", not \"F32\"");
            }
            long begin = offsets.get(0).asLong();
            long end = offsets.get(1).asLong();
            List<Long> shape = new ArrayList<>();
            long bytes = Float.BYTES;
            for (JsonNode side : sides) {
                if (!side.isIntegralNumber() || !side.canConvertToInt() || side.asInt() < 0) {
                    throw damaged(file, "tensor " + name + " has a side of " + side);
                }
                shape.add(side.asLong());
                bytes *= Math.min(side.asLong(), MOST_BYTES + 1L);
                if (bytes > MOST_BYTES) {
                    throw damaged(file, "tensor " + name + " has more than " + MOST_BYTES + " bytes");
                }
            }
            if (begin < 0 || end < begin || end - begin != bytes) {
                throw damaged(file, "tensor " + name + " of shape " + shape + " lies at bytes " + begin + " to " + end);
            }
            return new Place(name, shape, begin, end);
        }
    }

    private static ByteBuffer read(FileChannel channel, long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }

    static RunException damaged(Path file, String how) {
        // Names and shapes are the file's, and may be of any length.
        String shown = how.length() <= LONGEST_FAULT ? how : how.substring(0, LONGEST_FAULT) + "...";
        return new RunException(file + ": damaged field file (" + shown + "); export it again");
    }
}
