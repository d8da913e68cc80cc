package org.eikonal.studio.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.eikonal.Camera;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Pose;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.path.Orbit;
import org.eikonal.studio.recipe.RunConfig;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.TrainedField;
import org.eikonal.studio.run.Training;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.eikonal.studio.scene.Split;
import org.eikonal.studio.scene.View;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looking at fields through a socket. */
@Timeout(120)
class ViewerTest {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 120;
    private static final long STEPS = 80;

    @TempDir
    static Path folder;

    private static Scene scene;
    private static RunFolder run;

    @BeforeAll
    static void trainAField() throws IOException {
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
        scene = Scenes.open(folder.resolve("scene"));
        run = new RunFolder(folder.resolve("run"));
        train(run, STEPS);
    }

    /** Without anybody who looks. */
    private static void train(RunFolder into, long steps) throws IOException {
        RunConfig config = Showing.config(scene, steps);
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, config, scene)) {
            assertTrue(training.run(into, progress -> {}, () -> true));
        }
    }

    private static Pose pose(int view) {
        return scene.views(Split.TRAIN).get(view).camera().pose();
    }

    private static String camera(int view, String channel, String crop) {
        return ViewClient.camera(pose(view), WIDTH, HEIGHT, false, channel, crop);
    }

    /** As messages describe it: a vertical field of view of 40 degrees. */
    private static Camera camera(int view) {
        return Camera.perspective(WIDTH, HEIGHT, (float) (HEIGHT / 2.0 / Math.tan(Math.toRadians(20))), pose(view));
    }

    private static boolean isFinal(JsonNode head) {
        return head.get("final").asBoolean();
    }

    private static Picture rendered(Function<TrainedField, Picture> how) throws IOException {
        try (TrainedField field = TrainedField.open(run)) {
            return how.apply(field);
        }
    }

    /** Decibels between a picture and what came as JPEG. */
    private static double psnr(Picture picture, BufferedImage image) {
        assertEquals(picture.width(), image.getWidth());
        assertEquals(picture.height(), image.getHeight());
        double sum = 0;
        for (int i = 0; i < picture.width() * picture.height(); i++) {
            int rgb = image.getRGB(i % picture.width(), i / picture.width());
            for (int c = 0; c < 3; c++) {
                sum += Math.pow((picture.rgba()[4 * i + c] & 255) - (rgb >> (16 - 8 * c) & 255), 2) / 3;
            }
        }
        return 10 * Math.log10(255 * 255 / (sum / (picture.width() * picture.height())));
    }

    /** What JPEG leaves of a picture that is too wild for it. */
    private static Picture packed(Picture picture) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                PictureFiles.jpeg(picture, PictureSender.FINAL_QUALITY)));
        byte[] rgba = new byte[image.getWidth() * image.getHeight() * 4];
        for (int i = 0; i < rgba.length; i++) {
            int rgb = image.getRGB(i / 4 % image.getWidth(), i / 4 / image.getWidth());
            rgba[i] = (byte) (i % 4 == 3 ? 255 : rgb >> (16 - 8 * (i % 4)));
        }
        return new Picture(image.getWidth(), image.getHeight(), rgba);
    }

    @Test
    void picturesGetFinerAndTheLastOneIsTheRunsOwn() throws Exception {
        try (Showing showing = Showing.run(scene, run, new ViewAddress(null, 0));
                ViewClient client = showing.client()) {
            JsonNode state = client.text("state", message -> message.get("clients").asInt() == 1
                    && !message.get("training").asText().equals("none"));
            assertEquals(STEPS, state.get("step").asLong());
            client.send(camera(0, "color", "null"));
            int width = 0;
            int pictures = 0;
            ViewClient.Frame frame;
            do {
                frame = client.frame(head -> true);
                JsonNode head = frame.head();
                pictures++;
                assertEquals(pictures, head.get("sequence").asLong());
                assertTrue(head.get("width").asInt() >= width, head::toString);
                width = head.get("width").asInt();
                assertEquals(WIDTH, head.get("fullWidth").asInt());
                assertEquals(HEIGHT, head.get("fullHeight").asInt());
                assertEquals(STEPS, head.get("step").asLong());
                assertEquals(40, head.get("fov").asDouble());
                assertTrue(head.get("photo").isNull());
                for (int i = 0; i < 12; i++) {
                    assertEquals(pose(0).at(i / 4, i % 4), head.get("pose").get(i).asDouble());
                }
                assertEquals(width, frame.image().getWidth());
                assertEquals(head.get("height").asInt(), frame.image().getHeight());
            } while (!isFinal(frame.head()));
            assertTrue(pictures >= 3, pictures + " pictures");
            assertEquals(WIDTH, width);
            Picture expected = rendered(field -> new FieldPictures(1, 2).rgb(field.render(camera(0))));
            double first = psnr(expected, frame.image());
            assertTrue(first > 33, "PSNR " + first);

            client.send(camera(3, "color", "null"));
            BufferedImage other = client.frame(ViewerTest::isFinal).image();
            assertTrue(psnr(rendered(field -> new FieldPictures(1, 2).rgb(field.render(camera(3)))), other) > 33);
            assertTrue(psnr(expected, other) < 25, "another camera sees something else");
        }
    }

    @Test
    void eachChannelShowsWhatItIsNamedFor() throws Exception {
        FieldPictures pictures = FieldPictures.around(
                new Orbit(scene.views(Split.TRAIN).stream().map(View::camera).toList()).radius());
        try (Showing showing = Showing.run(scene, run, new ViewAddress(null, 0));
                ViewClient client = showing.client()) {
            client.send(camera(1, "depth", "null"));
            assertTrue(psnr(rendered(field -> pictures.depth(field.render(camera(1)))),
                    client.frame(ViewerTest::isFinal).image()) > 26);
            client.send(camera(1, "opacity", "null"));
            assertTrue(psnr(rendered(field -> pictures.opacity(field.render(camera(1)))),
                    client.frame(ViewerTest::isFinal).image()) > 26);
            client.send(camera(1, "normals", "null"));
            Picture normals = rendered(field -> pictures.normal(field.render(camera(1)), field.directions(camera(1))));
            assertTrue(psnr(packed(normals), client.frame(ViewerTest::isFinal).image()) > 45);

            // Beside the fifth training photo, which is the nearest one.
            double[] near = pose(5).matrix();
            near[3] += 0.01;
            client.send(ViewClient.camera(new Pose(near), WIDTH, HEIGHT, false, "error", "null"));
            ViewClient.Frame frame = client.frame(ViewerTest::isFinal);
            assertEquals(5, frame.head().get("photo").asInt());
            View photo = scene.views().get(5);
            Picture truth = photo.picture();
            Picture error = rendered(field -> pictures.error(field.render(photo.camera()),
                    truth.compositeOver(field.config().background())));
            assertTrue(psnr(packed(error), frame.image()) > 45);
        }
    }

    @Test
    void aCropLeavesOutWhatIsOutside() throws Exception {
        Picture all = rendered(field -> new FieldPictures(1, 2).rgb(field.render(camera(0))));
        try (Showing showing = Showing.run(scene, run, new ViewAddress(null, 0));
                ViewClient client = showing.client()) {
            client.send(camera(0, "color", "{\"min\":[-50,-50,-50],\"max\":[50,50,50]}"));
            assertTrue(psnr(all, client.frame(ViewerTest::isFinal).image()) > 33);
            // A box of a hair's width shows nothing but the background, which is white.
            client.send(camera(0, "color", "{\"min\":[0,0,0],\"max\":[1e-6,1e-6,1e-6]}"));
            BufferedImage nothing = client.frame(ViewerTest::isFinal).image();
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                assertTrue((nothing.getRGB(i % WIDTH, i / WIDTH) & 255) > 245);
            }
            client.send(camera(0, "color", "{\"min\":[-50,-50,-50],\"max\":[0,50,50]}"));
            BufferedImage half = client.frame(ViewerTest::isFinal).image();
            assertTrue(psnr(all, half) < 33, "a half is missing");
            assertTrue(psnr(rendered(field -> new FieldPictures(1, 2).rgb(field.within(new double[] {-50, -50, -50},
                    new double[] {0, 50, 50}).render(camera(0)))), half) > 33);
        }
    }

    @Test
    void clientsSeeEachTheirOwnAndOneThatNeverAnswersHoldsUpNobody() throws Exception {
        try (Showing showing = Showing.run(scene, run, new ViewAddress(null, 0));
                ViewClient silent = new ViewClient(showing.link(), false);
                ViewClient one = showing.client();
                ViewClient other = showing.client()) {
            silent.send(camera(2, "color", "null"));
            one.send(camera(0, "color", "null"));
            other.send(camera(1, "depth", "null"));
            assertEquals(pose(0).at(0, 3), one.frame(ViewerTest::isFinal).head().get("pose").get(3).asDouble());
            assertEquals("depth", other.frame(ViewerTest::isFinal).head().get("channel").asText());
            one.send(camera(3, "color", "null"));
            assertEquals(pose(3).at(0, 3), one.frame(ViewerTest::isFinal).head().get("pose").get(3).asDouble());
            // Two pictures are under way to the one that does not say that they have come, and no more.
            silent.frame(head -> true);
            silent.frame(head -> true);
            assertEquals(0, silent.frames.size());
            silent.send("{\"type\":\"ack\",\"sequence\":1}");
            assertEquals(3, silent.frame(head -> true).head().get("sequence").asLong());
        }
    }

    @Test
    void pausedItStepsNoMoreAndStillShowsPictures() throws Exception {
        RunFolder paused = new RunFolder(folder.resolve("paused"));
        try (Showing showing = Showing.training(scene, paused, 1_000_000); ViewClient client = showing.client()) {
            client.text("state", state -> state.get("training").asText().equals("running"));
            client.send("{\"type\":\"train\",\"do\":\"pause\"}");
            long step = client.text("state", state -> state.get("training").asText().equals("paused"))
                    .get("step").asLong();
            for (int view = 0; view < 3; view++) {
                client.send(camera(view, "color", "null"));
                assertEquals(step, client.frame(ViewerTest::isFinal).head().get("step").asLong());
            }
            client.send("{\"type\":\"train\",\"do\":\"save\"}");
            assertEquals(step, client.text("saved").get("step").asLong());
            try (TrainedField field = TrainedField.open(paused)) {
                assertEquals(step, field.header().step());
            }
            client.send("{\"type\":\"train\",\"do\":\"resume\"}");
            client.text("state", state -> state.get("training").asText().equals("running"));
            assertTrue(client.text("metrics").get("step").asLong() > step);
            // A picture at rest is renewed while training goes on.
            long seen = client.frame(ViewerTest::isFinal).head().get("step").asLong();
            assertTrue(client.frame(ViewerTest::isFinal).head().get("step").asLong() > seen);
            client.send("{\"type\":\"train\",\"do\":\"stop\"}");
            showing.await();
            try (TrainedField field = TrainedField.open(paused)) {
                assertTrue(field.header().step() > seen);
            }
        }
    }

    @Test
    void lookingChangesNoBit() throws Exception {
        RunFolder looked = new RunFolder(folder.resolve("looked"));
        try (Showing showing = Showing.training(scene, looked, STEPS); ViewClient client = showing.client()) {
            client.send("{\"type\":\"train\",\"do\":\"pause\"}");
            long step = client.text("state", state -> state.get("training").asText().equals("paused"))
                    .get("step").asLong();
            assertTrue(step < STEPS);
            client.send(camera(0, "normals", "null"));
            client.frame(ViewerTest::isFinal);
            client.send("{\"type\":\"share\",\"value\":0.9}");
            client.send("{\"type\":\"train\",\"do\":\"resume\"}");
            for (int view = 1; view < 8; view++) {
                client.send(ViewClient.camera(pose(view), 64, 48, true, "color", "null"));
            }
            client.frame(head -> head.get("step").asLong() > step);
            showing.await();
        }
        try (TrainedField with = TrainedField.open(looked); TrainedField without = TrainedField.open(run)) {
            assertEquals(without.header().step(), with.header().step());
            assertEquals(without.parametersSha256(), with.parametersSha256());
            assertArrayEquals(without.occupancy().values(), with.occupancy().values());
        }
        assertFalse(looked.metrics().isEmpty());
    }
}
