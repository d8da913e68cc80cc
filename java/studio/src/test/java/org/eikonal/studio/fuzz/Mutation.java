package org.eikonal.studio.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a valid file a hostile one: as bytes, as words of a text, or as a tree of JSON. */
enum Mutation {
    /** Whatever the format. */
    BYTES {
        @Override
        byte[] once(byte[] file, Random random) {
            return bytes(file, random);
        }
    },
    /** Words of a text. */
    WORDS {
        @Override
        byte[] once(byte[] file, Random random) {
            return random.nextInt(5) == 0 ? bytes(file, random) : words(file, random);
        }
    },
    /** Keys and values of a JSON document. */
    JSON {
        @Override
        byte[] once(byte[] file, Random random) {
            int draw = random.nextInt(8);
            return draw == 0 ? bytes(file, random) : draw < 3 ? words(file, random) : tree(file, random);
        }
    };

    /** Paths that lead elsewhere, numbers beyond their ranges, what is no number, what takes room. */
    private static final List<String> NUMBERS = List.of("0", "-1", "1", "NaN", "Infinity", "-Infinity", "1e400", "1e300",
            "-1e300", "1e-320", "1e39", "255", "256", "65536", "2147483647", "2147483648", "4294967297",
            "9223372036854775807", "9223372036854775808", "1" + "0".repeat(3000), "0." + "1".repeat(3000), "1e999999999",
            "0.30000000000000004", "-0.0", "128", "3", "1e9", "1e-9");
    private static final List<String> TEXTS = List.of("", ".", "..", "/", "../secret.png", "../../secret.png",
            "images/../../secret.png", "%OUTSIDE%/secret.png", "link.png", "linked/secret.png", "loop/loop/loop.png",
            "/etc/passwd", "/dev/zero", "/proc/self/mem", "a\nb", "a\0b", "\u001b[31mred", "\u202e\ud800", "%s%n%d",
            "a".repeat(300), "../".repeat(2000), "\u00e4\u20ac\ud83d\ude00", "OPENCV", "null", "auto", "cuda", "cpu",
            "HashGrid", "Identity");
    private static final Pattern WORD =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|[-+.\\w]++|\\s++|.", Pattern.DOTALL);
    private static final JsonMapper MAPPER = new JsonMapper();

    abstract byte[] once(byte[] file, Random random);

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] bytes(byte[] file, Random random) {
        int at = file.length == 0 ? 0 : random.nextInt(1 + Math.min(file.length - 1,
                random.nextBoolean() ? 256 : file.length - 1)); // headers are where it matters
        int end = Math.min(file.length, at + 1 + random.nextInt(64));
        byte[] changed = file.clone();
        switch (random.nextInt(9)) {
            case 0 -> {
                return Arrays.copyOf(file, at);
            }
            case 1 -> {
                return joined(Arrays.copyOf(file, at), Arrays.copyOfRange(file, end, file.length));
            }
            case 2 -> {
                return joined(Arrays.copyOf(file, end), Arrays.copyOfRange(file, at, file.length));
            }
            case 3 -> {
                byte[] more = new byte[1 << random.nextInt(12)];
                random.nextBytes(more);
                return joined(file, random.nextBoolean() ? more : new byte[more.length]);
            }
            case 4, 5 -> number(changed, at, random);
            case 6 -> {
                for (int i = at; i < end; i++) {
                    changed[i] = (byte) random.nextInt();
                }
            }
            default -> {
                if (file.length > 0) {
                    changed[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return changed;
    }

    /** Lengths, counts and offsets as an attacker likes them, and numbers that are none. */
    private static void number(byte[] file, int at, Random random) {
        long[] whole = {0, 1, -1, 0x7f, 0xff, 0x7fff, 0xffff, 1 << 20, 1 << 28, Integer.MAX_VALUE, Integer.MIN_VALUE,
            0xffffffffL, Long.MAX_VALUE, Long.MIN_VALUE, file.length, file.length - 8L,
            Double.doubleToLongBits(Double.NaN), Double.doubleToLongBits(1e300), Float.floatToIntBits(Float.NaN),
            Double.doubleToLongBits(Double.POSITIVE_INFINITY), Float.floatToIntBits(Float.POSITIVE_INFINITY)};
        int width = 1 << random.nextInt(4);
        boolean little = random.nextBoolean();
        byte[] number = ByteBuffer.allocate(8).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putLong(whole[random.nextInt(whole.length)]).array();
        for (int i = 0; i < width && at + i < file.length; i++) {
            file[at + i] = number[little ? i : 8 - width + i];
        }
    }

    private static byte[] words(byte[] file, Random random) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(new String(file, StandardCharsets.UTF_8));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        if (words.isEmpty()) {
            return file;
        }
        int at = random.nextInt(words.size());
        int end = Math.min(words.size(), at + 1 + random.nextInt(8));
        switch (random.nextInt(6)) {
            case 0 -> words.subList(at, end).clear();
            case 1 -> words.addAll(at, new ArrayList<>(words.subList(at, end)));
            case 2 -> words.addAll(at, java.util.Collections.nCopies(1 << random.nextInt(14), words.get(at)));
            case 3 -> words.set(at, words.get(random.nextInt(words.size())));
            default -> words.set(at, value(words.get(at).startsWith("\""), random));
        }
        return String.join("", words).getBytes(StandardCharsets.UTF_8);
    }

    /** @param quoted whether a text, if it is one, is to be in quotes */
    private static String value(boolean quoted, Random random) {
        if (random.nextBoolean()) {
            return any(NUMBERS, random);
        }
        String text = any(TEXTS, random);
        return quoted ? MAPPER.getNodeFactory().textNode(text).toString() : text;
    }

    private static byte[] tree(byte[] file, Random random) {
        try {
            JsonNode root = MAPPER.readTree(file);
            List<JsonNode> holders = new ArrayList<>();
            collect(root, holders);
            if (holders.isEmpty()) {
                return file;
            }
            JsonNode holder = any(holders, random);
            JsonNode other = any(holders, random);
            int index = random.nextInt(holder.size());
            String key = holder.isObject() ? new ArrayList<>(holder.properties()).get(index).getKey() : null;
            JsonNode changed = switch (random.nextInt(8)) {
                case 0 -> null;
                case 1 -> other.deepCopy();
                case 2 -> raw("[".repeat(1500) + "]".repeat(1500));
                case 3 -> raw("{\"a\":".repeat(1500) + "1" + "}".repeat(1500));
                default -> raw(value(true, random));
            };
            if (holder instanceof ObjectNode object) {
                if (changed == null) {
                    object.remove(key);
                } else {
                    object.set(random.nextInt(6) == 0 ? any(TEXTS, random) : key, changed);
                }
            } else if (holder instanceof ArrayNode array) {
                if (changed == null) {
                    array.remove(index);
                } else if (random.nextInt(4) == 0) {
                    for (int i = 1 << random.nextInt(11); i > 0; i--) {
                        array.add(array.get(index));
                    }
                } else {
                    array.set(index, changed);
                }
            }
            return MAPPER.writeValueAsBytes(root);
        } catch (IOException | StackOverflowError e) {
            return bytes(file, random); // a mutation before this one broke it, or nested it
        }
    }

    private static JsonNode raw(String text) {
        return MAPPER.getNodeFactory().rawValueNode(new RawValue(text));
    }

    private static void collect(JsonNode node, List<JsonNode> holders) {
        if (node.isContainerNode() && node.size() > 0 && holders.size() < 10_000) {
            holders.add(node);
            node.forEach(child -> collect(child, holders));
        }
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
