package org.eikonal.studio.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.eikonal.Device;
import org.eikonal.DeviceConfig;
import org.eikonal.Pose;
import org.eikonal.studio.demo.DemoScene;
import org.eikonal.studio.path.CameraPath;
import org.eikonal.studio.run.RunFolder;
import org.eikonal.studio.run.Training;
import org.eikonal.studio.scene.Scene;
import org.eikonal.studio.scene.Scenes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the server answers, to friends and to others. */
@Timeout(120)
class ViewServerTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEYS = "{\"keyframes\":[{\"pose\":[1,0,0,0,0,1,0,0,0,0,1,4],\"fov\":40},"
            + "{\"pose\":[1,0,0,1,0,1,0,0,0,0,1,4],\"fov\":50}],\"seconds\":1,\"fps\":3,\"loop\":false";

    @TempDir
    static Path folder;

    private static Scene scene;
    private static RunFolder run;
    private static Showing showing;

    @BeforeAll
    static void show() throws IOException {
        DemoScene.write(folder.resolve("scene"), 12, 4, 32);
        scene = Scenes.open(folder.resolve("scene"));
        run = new RunFolder(folder.resolve("run"));
        try (Device device = Device.open(DeviceConfig.cpu());
                Training training = new Training(device, Showing.config(scene, 30), scene)) {
            training.run(run, progress -> {}, () -> true);
        }
        showing = Showing.run(scene, run, new ViewAddress(null, 0));
    }

    @AfterAll
    static void end() throws Exception {
        showing.close();
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    /** Asserts that a request was refused by one line of JSON, and answers it. */
    private static String refused(HttpResponse<byte[]> answer) throws IOException {
        assertTrue(answer.statusCode() >= 400 && answer.statusCode() < 500, () -> "status " + answer.statusCode());
        JsonNode error = json(answer);
        assertEquals("error", error.get("type").asText());
        String line = error.get("message").asText();
        assertFalse(line.isBlank() || line.contains("\n") || line.contains("Exception"), line);
        return line;
    }

    /**
     * As above. What is refused for its head is answered, and the connection closed, while the client may still be
     * sending the body: it then breaks off without having read the answer, and is to ask again.
     */
    private static String refused(Showing showing, String method, String path, String body) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return refused(showing.ask(method, path, body));
            } catch (IOException e) {
                if (attempt == 10) {
                    throw e;
                }
            }
        }
    }

    @Test
    void theSceneIsDescribed() throws Exception {
        JsonNode text = json(showing.ask("GET", "/api/scene", null));
        assertEquals("scene", text.get("name").asText());
        assertEquals(run.path().toString(), text.get("run").asText());
        assertEquals("cpu", text.get("device").asText());
        assertEquals(scene.views().size(), text.get("views").size());
        for (int i = 0; i < scene.views().size(); i++) {
            JsonNode view = text.get("views").get(i);
            assertEquals(i, view.get("index").asInt());
            assertEquals(scene.views().get(i).name(), view.get("name").asText());
            assertEquals(scene.views().get(i).camera().fx(), view.get("fx").floatValue());
            for (int k = 0; k < 12; k++) {
                assertEquals(scene.views().get(i).camera().pose().at(k / 4, k % 4), view.get("pose").get(k).asDouble());
            }
        }
        double[] least = scene.cube().toBox(text.get("box").get("min").get(0).asDouble(),
                text.get("box").get("min").get(1).asDouble(), text.get("box").get("min").get(2).asDouble());
        assertArrayEquals(new double[3], least, 1e-9);
        assertEquals(List.of("color", "depth", "normals", "opacity", "error"),
                JSON.convertValue(text.get("channels"), List.class));
        assertEquals(30, text.get("history").get(text.get("history").size() - 1).get("step").asLong());
        assertEquals("finished", text.get("state").get("training").asText());
        assertEquals("state", text.get("state").get("type").asText());
    }

    @Test
    void photosComeSmallAndByIndexAlone() throws Exception {
        BufferedImage photo = ImageIO.read(new ByteArrayInputStream(
                showing.ask("GET", "/api/photo/2?width=16", null).body()));
        assertEquals(16, photo.getWidth());
        assertEquals(16, photo.getHeight());
        photo = ImageIO.read(new ByteArrayInputStream(showing.ask("GET", "/api/photo/2?width=2048", null).body()));
        assertEquals(32, photo.getWidth(), "no larger than it is");
        for (String wrong : List.of("-1", "16", "99999999999", "a", "1?width=15", "1?width=2049", "1?width=x",
                "..%2f..%2fconfig.json", "%00")) {
            refused(showing, "GET", "/api/photo/" + wrong, null);
        }
    }

    @Test
    void occupiedCellsLieInTheModelledBox() throws Exception {
        HttpResponse<byte[]> answer = showing.ask("GET", "/api/occupancy", null);
        ByteBuffer cells = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
        assertTrue(cells.remaining() > 12 && cells.remaining() % 12 == 0, "bytes " + cells.remaining());
        while (cells.hasRemaining()) {
            for (double box : scene.cube().toBox(cells.getFloat(), cells.getFloat(), cells.getFloat())) {
                assertTrue(box > 0 && box < 1, "outside at " + box);
            }
        }
    }

    @Test
    void pathsAreInterpolatedKeptAndReadByRender() throws Exception {
        JsonNode path = json(showing.ask("POST", "/api/path", KEYS + "}"));
        assertEquals(3, path.get("camera_path").size());
        assertEquals(0.5, path.get("camera_path").get(1).get("camera_to_world").get(3).asDouble(), 1e-12);
        assertEquals(45, path.get("camera_path").get(1).get("fov").asDouble(), 1e-12);

        assertEquals(204, showing.ask("PUT", "/api/paths/round-1_a", KEYS + "}").statusCode());
        assertEquals("[\"round-1_a\"]", json(showing.ask("GET", "/api/paths", null)).toString());
        JsonNode kept = json(showing.ask("GET", "/api/paths/round-1_a", null));
        assertEquals(JSON.readTree(KEYS + "}").get("keyframes").get(1).get("fov").asDouble(),
                kept.get("keyframes").get(1).get("fov").asDouble());
        assertEquals(1, kept.get("keyframes").get(1).get("pose").get(3).asDouble());
        assertFalse(kept.get("loop").asBoolean());
        CameraPath read = CameraPath.read(run.path().resolve("paths/round-1_a.json"));
        assertEquals(3, read.fps().orElseThrow());
        assertEquals(0.5, read.shots().get(1).camera().pose().at(0, 3), 1e-12);

        Files.createSymbolicLink(run.path().resolve("paths/link.json"), run.configFile());
        for (String name : List.of("missing", "link", "..%2fconfig", "%2e%2e%2fconfig", "a.json", "a%00",
                "a".repeat(65))) {
            refused(showing, "GET", "/api/paths/" + name, null);
        }
        for (String name : List.of("..%2fconfig", "%2e%2e%2fconfig", "a.json", "a%00", "a".repeat(65))) {
            refused(showing, "PUT", "/api/paths/" + name, KEYS + "}");
        }
        refused(showing, "POST", "/api/path", "{}");
        refused(showing, "POST", "/api/path", "[".repeat(100_000));
        refused(showing, "POST", "/api/path", KEYS.replace("\"fps\":3", "\"fps\":1e6") + "}");
        refused(showing, "POST", "/api/path", KEYS + ",\"x\":\"" + "x".repeat(300_000) + "\"}");
    }

    private static JsonNode render(ViewClient client, String id, String state) throws InterruptedException {
        return client.text("render", message -> message.get("id").asText().equals(id)
                && message.get("state").asText().equals(state));
    }

    @Test
    void filmsAreRenderedCancelledAndDownloaded() throws Exception {
        try (ViewClient client = showing.client()) {
            String id = json(showing.ask("POST", "/api/renders", KEYS + ",\"width\":33,\"height\":24,"
                    + "\"channel\":\"color\",\"format\":\"png\"}")).get("id").asText();
            assertEquals(3, render(client, id, "done").get("done").asInt());
            HttpResponse<byte[]> zip = showing.ask("GET", "/api/renders/" + id + "/file", null);
            assertTrue(zip.headers().firstValue("Content-Type").orElse("").startsWith("application/zip"));
            try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.body()))) {
                for (int frame = 0; frame < 3; frame++) {
                    ZipEntry entry = in.getNextEntry();
                    assertEquals("0000" + frame + ".png", entry.getName());
                    BufferedImage image = ImageIO.read(new ByteArrayInputStream(in.readAllBytes()));
                    assertEquals(33, image.getWidth());
                    assertEquals(24, image.getHeight());
                }
                assertEquals(null, in.getNextEntry());
            }
            String film = json(showing.ask("POST", "/api/renders", KEYS + ",\"width\":32,\"height\":24,"
                    + "\"channel\":\"depth\",\"format\":\"mp4\"}")).get("id").asText();
            render(client, film, "done");
            byte[] mp4 = showing.ask("GET", "/api/renders/" + film + "/file", null).body();
            assertEquals("ftyp", new String(mp4, 4, 4, StandardCharsets.US_ASCII));

            String slow = json(showing.ask("POST", "/api/renders", KEYS.replace("\"seconds\":1", "\"seconds\":600")
                    + ",\"width\":400,\"height\":300,\"format\":\"mp4\"}")).get("id").asText();
            refused(showing, "GET", "/api/renders/" + slow + "/file", null);
            client.text("render", message -> message.get("id").asText().equals(slow)
                    && message.get("done").asInt() > 0);
            assertEquals(204, showing.ask("DELETE", "/api/renders/" + slow, null).statusCode());
            render(client, slow, "cancelled");
            refused(showing, "DELETE", "/api/renders/" + slow, null);
            // What was begun is gone by the time that the field answers something else.
            showing.ask("GET", "/api/occupancy", null);
            showing.ask("GET", "/api/occupancy", null);
            try (var files = Files.list(run.path().resolve("renders"))) {
                assertEquals(List.of(id + ".zip", film + ".mp4"),
                        files.map(file -> file.getFileName().toString()).sorted().toList());
            }
            assertEquals(3, json(showing.ask("GET", "/api/scene", null)).get("renders").size());
        }
        for (String wrong : List.of("\"width\":5000,\"height\":10", "\"width\":0,\"height\":10", "\"width\":10",
                "\"width\":8,\"height\":8", "\"width\":64,\"height\":64,\"format\":\"gif\"",
                "\"width\":64,\"height\":64,\"channel\":\"error\"", "\"width\":64,\"height\":64,\"crop\":[1]",
                "\"width\":4096,\"height\":4096")) {
            refused(showing, "POST", "/api/renders", KEYS + "," + wrong + "}");
        }
        refused(showing, "GET", "/api/renders/..%2f..%2fconfig.json/file", null);
    }

    @Test
    void nothingButItsOwnFilesIsServed() throws Exception {
        HttpResponse<byte[]> page = showing.ask("GET", "/", null);
        assertEquals(200, page.statusCode());
        assertTrue(page.headers().firstValue("Content-Security-Policy").orElse("").contains("default-src 'none'"));
        HttpResponse<byte[]> three = showing.ask("GET", "/webjars/three/build/three.module.min.js", null);
        assertEquals(200, three.statusCode());
        assertEquals("text/javascript;charset=utf-8",
                three.headers().firstValue("Content-Type").orElse("").replace(" ", ""));
        for (String path : List.of("/assets/Viewer.class", "/assets/index.html", "/assets/../cli/Main.class",
                "/assets/..%2fcli%2fMain.class", "/assets/%2e%2e/Viewer.js", "/assets//etc/passwd", "/assets/",
                "/webjars/three/../../../../../META-INF/MANIFEST.MF", "/webjars/three/LICENSE", "/etc/passwd",
                "/assets/three/..%5c..%5cx.js", "/nothing", "/api", "/api/nothing")) {
            HttpResponse<byte[]> answer = showing.ask("GET", path, null);
            assertTrue(answer.statusCode() == 404 || answer.statusCode() == 400, path + ": " + answer.statusCode());
        }
    }

    @Test
    void hostileMessagesAreAnsweredInOneLineAndChangeNothing() throws Exception {
        String camera = ViewClient.camera(Pose.IDENTITY, 64, 48, false, "color", "null");
        try (ViewClient client = showing.client()) {
            client.text("state");
            for (String wrong : List.of("", "hello", "[]", "{}", "{\"type\":7}", "{\"type\":\"format\"}",
                    "[".repeat(60_000), "{\"a\":".repeat(10_000), "\u0000", camera.substring(0, 50),
                    camera.replace("40", "NaN"), camera.replace("40", "1e999"), camera.replace("40", "\"40\""),
                    camera.replace("40", "179.5"), camera.replace("64", "0"), camera.replace("64", "4097"),
                    camera.replace("64", "64.5"), camera.replace("48", "-48"), camera.replace("[1.0", "[0.0"),
                    camera.replace("[1.0", "[Infinity"), camera.replace("[1.0", "[\"x\""), camera.replace("[1.0,", "["),
                    camera.replace("color", "../color"), camera.replace("false", "\"no\""),
                    camera.replace("null", "{\"min\":[0,0,0],\"max\":[0,1,1]}"), camera.replace("null", "[]"),
                    camera.replace("null", "{\"min\":[0,0,0],\"max\":[1e300,1,1]}"), camera.replace("null", "{}"),
                    "{\"type\":\"train\",\"do\":\"delete\"}", "{\"type\":\"train\"}",
                    "{\"type\":\"share\",\"value\":1}", "{\"type\":\"share\",\"value\":NaN}",
                    "{\"type\":\"ack\",\"sequence\":-1}", "{\"type\":\"ack\"}", "x".repeat((64 << 10) + 1))) {
                client.send(wrong);
                String line = client.text("error").get("message").asText();
                assertFalse(line.isBlank() || line.contains("\n") || line.contains("Exception"), line);
                assertTrue(line.length() < 400, line);
            }
            assertEquals(0, client.frames.size());
            assertEquals(0, client.texts.size());
            // An acknowledgement of what was never sent is nothing.
            client.send("{\"type\":\"ack\",\"sequence\":123456}");
            client.send(camera);
            assertNotNull(client.frame(head -> head.get("final").asBoolean()));
            // What is longer than any message ends the connection, cleanly or while it is still being sent.
            client.send("x".repeat(2 << 20));
            assertTrue(client.closed.handle((code, failure) -> failure != null || code >= 1000)
                    .get(60, TimeUnit.SECONDS));
        }
        try (ViewClient next = showing.client()) {
            next.send(camera);
            assertNotNull(next.frame(head -> head.get("final").asBoolean()));
        }
    }

    @Test
    void noMoreThanSixteenLook() throws Exception {
        ViewClient[] clients = new ViewClient[17];
        try {
            for (int i = 0; i < 16; i++) {
                clients[i] = showing.client();
                clients[i].text("state");
            }
            clients[16] = showing.client();
            assertTrue(clients[16].text("error").get("message").asText().contains("16"));
            assertEquals(1013, clients[16].closed.get());
        } finally {
            for (ViewClient client : clients) {
                if (client != null) {
                    client.close();
                }
            }
        }
    }

    /** The first line of the answer to a request that no browser would send. */
    private static String raw(String link, String request) throws IOException {
        URI uri = URI.create(link);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            StringBuilder line = new StringBuilder();
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
                line.append((char) next);
            }
            return line.toString();
        }
    }

    @Test
    void otherNamesAndOtherPagesAreShutOut() throws Exception {
        String link = showing.link();
        String own = "127.0.0.1:" + URI.create(link).getPort();
        String upgrade = "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";
        String close = "Connection: close\n\n";
        assertTrue(raw(link, "GET / HTTP/1.1\nHost: " + own + "\n" + close).contains(" 200 "));
        // Through a tunnel it has another port.
        assertTrue(raw(link, "GET / HTTP/1.1\nHost: localhost:17870\n" + close).contains(" 200 "));
        assertTrue(raw(link, "GET /live HTTP/1.1\nHost: [::1]:17870\nOrigin: http://[::1]:17870\n" + upgrade + "\n")
                .contains(" 101 "));
        for (String host : List.of("evil.example", "evil.example:80", "127.0.0.1.evil.example:7",
                "evil-localhost:7007", "[::2]:7007")) {
            assertEquals("HTTP/1.1 403 Forbidden", raw(link, "GET / HTTP/1.1\nHost: " + host + "\n" + close), host);
            assertEquals("HTTP/1.1 403 Forbidden",
                    raw(link, "GET /live HTTP/1.1\nHost: " + host + "\n" + upgrade + "\n"), host);
        }
        assertTrue(raw(link, "GET /live HTTP/1.1\nHost: " + own + "\nOrigin: http://" + own + "\n" + upgrade + "\n")
                .contains(" 101 "));
        for (String origin : List.of("http://evil.example", "null", "https://" + own, "http://127.0.0.1:1")) {
            assertTrue(raw(link, "GET /live HTTP/1.1\nHost: " + own + "\nOrigin: " + origin + "\n" + upgrade + "\n")
                    .contains(" 403 "), origin);
            assertTrue(raw(link, "DELETE /api/renders/0001 HTTP/1.1\nHost: " + own + "\nOrigin: " + origin + "\n"
                    + close).contains(" 403 "), origin);
        }
        assertTrue(raw(link, "GET / HTTP/1.0\n\n").contains(" 40"));
        assertTrue(raw(link, "GET / HTTP/1.1\nHost: \n" + close).contains(" 40"));
    }

    @Test
    void theNextPortIsTakenWhereTheUsualOneIsNotFree() throws Exception {
        try (Showing usual = Showing.run(scene, run, new ViewAddress(null, null));
                Showing next = Showing.run(scene, run, new ViewAddress(null, null))) {
            int port = URI.create(usual.link()).getPort();
            int other = URI.create(next.link()).getPort();
            assertTrue(port >= 7007 && port < 7107, usual.link());
            assertTrue(other >= 7007 && other < 7107 && other != port, next.link()); // others may leave theirs any time
        }
    }

    @Test
    void whereOthersReachItATokenIsDemanded() throws Exception {
        try (Showing open = Showing.run(scene, run, new ViewAddress("127.0.0.1", 0))) {
            String token = URI.create(open.link()).getQuery();
            assertTrue(token.matches("token=[0-9a-f]{32}"), token);
            HttpResponse<byte[]> first = open.ask("GET", "/api/scene?" + token, null);
            assertEquals(200, first.statusCode());
            String cookie = first.headers().firstValue("Set-Cookie").orElse("");
            assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
            String own = "127.0.0.1:" + URI.create(open.link()).getPort();
            assertTrue(raw(open.link(), "GET /api/scene HTTP/1.1\nHost: " + own + "\nCookie: " + cookie.split(";")[0]
                    + "\nConnection: close\n\n").contains(" 200 "));
            HttpResponse<byte[]> page = open.ask("GET", "/", null);
            assertEquals(403, page.statusCode());
            assertTrue(new String(page.body(), StandardCharsets.UTF_8).startsWith("the token is missing"));
            refused(open, "GET", "/api/scene?token=", null);
            refused(open, "GET", "/api/scene?token=" + "0".repeat(32), null);
            refused(open, "POST", "/api/path", KEYS + "}");
            assertThrows(RuntimeException.class,
                    () -> new ViewClient(open.link().replaceFirst("\\?.*", ""), true).close());
            try (ViewClient client = new ViewClient(open.link(), true)) {
                client.text("state");
            }
        }
    }
}
