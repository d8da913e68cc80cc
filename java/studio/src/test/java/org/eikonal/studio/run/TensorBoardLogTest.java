package org.eikonal.studio.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.eikonal.Device;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.recipe.Recipes;
import org.eikonal.studio.recipe.RunOptions;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files, read by a reader of the formats' documents: TFRecord, and protocol buffers without a schema. */
class TensorBoardLogTest {
    @TempDir
    Path folder;

    private static TrainingProgress at(long step, Double psnr) {
        return new TrainingProgress(step, 1.5, 0.5, 0.25, psnr, 1000, 2e6, 0.01, 0.125);
    }

    @Test
    void scalarsAreReadBack() throws IOException {
        try (TensorBoardLog log = new TensorBoardLog(new RunFolder(folder), 0)) {
            assertTrue(files().isEmpty(), "a run that fails before its first step leaves nothing");
            log.accept(at(7, 20.5));
            log.accept(at(5_000_000_000L, null));
        }
        List<ByteBuffer> events = records(files().get(0));
        assertEquals(4, events.size());
        assertEquals("brain.Event:2", text(only(fields(events.get(0)), 3)));
        double now = System.currentTimeMillis() / 1e3;
        assertEquals(now, ((ByteBuffer) only(fields(events.get(2)), 1)).getDouble(0), 60);
        assertEquals(7L, only(fields(events.get(2)), 2));
        assertEquals(Map.of("train/loss", 0.25f, "train/psnr", 20.5f, "train/learning_rate", 0.01f,
                "train/occupied", 0.125f, "speed/rays_per_second", 1000f, "speed/samples_per_second", 2e6f),
                scalars(events.get(2)));
        assertEquals(5_000_000_000L, only(fields(events.get(3)), 2));
        assertFalse(scalars(events.get(3)).containsKey("train/psnr"));
    }

    @Test
    void whatGoesOnHasAFileOfItsOwnThatForgetsLaterSteps() throws IOException {
        for (long begun : new long[] {0, 40}) {
            try (TensorBoardLog log = new TensorBoardLog(new RunFolder(folder), begun)) {
                log.accept(at(begun + 50, 20.0));
            }
        }
        List<Path> files = files();
        assertEquals(2, files.size());
        ByteBuffer start = records(files.get(1)).get(1);
        assertEquals(41L, only(fields(start), 2));
        assertEquals(1L, only(fields((ByteBuffer) only(fields(start), 7)), 1), "SessionLog.START");
        assertEquals(90L, only(fields(records(files.get(1)).get(2)), 2));
    }

    @Test
    void whatCannotBeWrittenIsNamed() {
        try (TensorBoardLog log = new TensorBoardLog(new RunFolder(folder.resolve("none")), 0)) {
            UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> log.accept(at(1, null)));
            assertTrue(e.getCause().getMessage().contains("none/events.out.tfevents."), e::getMessage);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void heldOutViewsAreShownAndMeasured() throws IOException {
        Path scene = folder.resolve("scene");
        DemoScene.write(scene, 5, 5, 24);
        RunFolder run = new RunFolder(folder);
        TrainingPlan plan = TrainingPlan.start(run, Scenes.open(scene), Recipes.usual(), new RunOptions("cpu", 1, 0L, 3L,
                null, List.of("encoding.n_levels=2", "encoding.log2_hashmap_size=8", "occupancy.resolution=16",
                        "samples_per_step=4096")));
        try (Device device = plan.openDevice(); Training training = plan.openTraining(device)) {
            training.run(run, progress -> { }, () -> true);
        }
        List<View> views = Scenes.open(scene).views(Split.TEST);
        List<Double> psnrs = new ArrayList<>();
        Map<String, Picture> pictures = new TreeMap<>();
        try (TensorBoardLog log = new TensorBoardLog(run, 0); TrainedField field = TrainedField.open(run)) {
            log.heldOut(field, views, (view, truth, rendering) -> {
                psnrs.add(view.psnr());
                pictures.put(view.name(), FieldPictures.rgb(rendering));
            });
        }
        assertEquals(5, psnrs.size());
        List<ByteBuffer> events = records(files().get(0));
        assertEquals(3, events.size());
        assertEquals(3L, only(fields(events.get(2)), 2), "the step");
        Map<String, Float> scalars = new TreeMap<>();
        Map<String, BufferedImage> images = new TreeMap<>();
        for (Object value : fields((ByteBuffer) only(fields(events.get(2)), 5)).get(1)) {
            Map<Integer, List<Object>> fields = fields((ByteBuffer) value);
            String tag = text(only(fields, 1));
            if (fields.containsKey(2)) {
                scalars.put(tag, ((ByteBuffer) only(fields, 2)).getFloat(0));
                continue;
            }
            Map<Integer, List<Object>> image = fields((ByteBuffer) only(fields, 4));
            assertEquals(24L, only(image, 1), "height");
            assertEquals(48L, only(image, 2), "width");
            assertEquals(3L, only(image, 3), "RGB");
            byte[] png = new byte[((ByteBuffer) only(image, 4)).limit()];
            ((ByteBuffer) only(image, 4)).get(png);
            images.put(tag, ImageIO.read(new ByteArrayInputStream(png)));
        }
        double mean = psnrs.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        assertEquals(mean, scalars.get("held_out/psnr"), 1e-5);
        assertEquals(Set.of("held_out/psnr", "held_out/ssim"), scalars.keySet());
        assertEquals(Set.of("held_out/r_0", "held_out/r_1", "held_out/r_3"), images.keySet());
        for (View view : List.of(views.get(0), views.get(1), views.get(3))) {
            BufferedImage image = images.get("held_out/" + view.name());
            BufferedImage photo = ImageIO.read(view.image().toFile());
            byte[] rgba = pictures.get(view.name()).rgba();
            for (int i = 0; i < 24 * 24; i++) {
                int alpha = photo.getRGB(i % 24, i / 24) >>> 24;
                int over = image.getRGB(i % 24, i / 24);
                for (int c = 0; c < 3; c++) {
                    int color = photo.getRGB(i % 24, i / 24) >> 8 * c & 255;
                    assertEquals(color * alpha / 255.0 + 255 - alpha, over >> 8 * c & 255, 0.51, "left the photo");
                }
                int right = image.getRGB(24 + i % 24, i / 24);
                assertEquals((rgba[4 * i] & 255) << 16 | (rgba[4 * i + 1] & 255) << 8 | rgba[4 * i + 2] & 255,
                        right & 0xffffff, "right the picture");
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().contains("tfevents")).sorted().toList();
        }
    }

    private static Map<String, Float> scalars(ByteBuffer event) {
        Map<String, Float> scalars = new TreeMap<>();
        for (Object value : fields((ByteBuffer) only(fields(event), 5)).get(1)) {
            Map<Integer, List<Object>> fields = fields((ByteBuffer) value);
            scalars.put(text(only(fields, 1)), ((ByteBuffer) only(fields, 2)).getFloat(0));
        }
        return scalars;
    }

    private static List<ByteBuffer> records(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> records = new ArrayList<>();
        while (in.hasRemaining()) {
            ByteBuffer head = slice(in, 8);
            assertEquals(masked(head), in.getInt());
            ByteBuffer data = slice(in, (int) head.getLong(0));
            assertEquals(masked(data), in.getInt());
            records.add(data);
        }
        return records;
    }

    private static ByteBuffer slice(ByteBuffer in, int length) {
        ByteBuffer slice = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return slice;
    }

    @Test
    void theChecksumOfTheseTestsIsCastagnolis() {
        assertEquals(0xe3069283, crc32c(ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII))));
    }

    /** Bit by bit, by the reflected polynomial 0x1edc6f41. */
    private static int crc32c(ByteBuffer bytes) {
        int crc = -1;
        for (int i = 0; i < bytes.limit(); i++) {
            crc ^= bytes.get(i) & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        return ~crc;
    }

    private static int masked(ByteBuffer bytes) {
        int crc = crc32c(bytes);
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    /** By field number: longs of varints, buffers of all else. */
    private static Map<Integer, List<Object>> fields(ByteBuffer message) {
        ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0);
        Map<Integer, List<Object>> fields = new TreeMap<>();
        while (in.hasRemaining()) {
            int key = (int) varint(in);
            Object value = switch (key & 7) {
                case 0 -> varint(in);
                case 1 -> slice(in, 8);
                case 2 -> slice(in, (int) varint(in));
                case 5 -> slice(in, 4);
                default -> throw new AssertionError("wire type " + (key & 7));
            };
            fields.computeIfAbsent(key >>> 3, number -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static Object only(Map<Integer, List<Object>> fields, int number) {
        assertEquals(1, fields.getOrDefault(number, List.of()).size(), () -> number + " of " + fields);
        return fields.get(number).get(0);
    }

    private static String text(Object bytes) {
        return StandardCharsets.UTF_8.decode(((ByteBuffer) bytes).duplicate()).toString();
    }
}
