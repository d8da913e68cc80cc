import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.eikonal.Pose;

/**
 * What a person feels of {@code eikonal view}, without a browser: the time to the first picture and to the whole one, pictures
 * a second while the camera moves, and the server's memory as minutes go by. Arguments: link, process id, minutes.
 */
public final class ViewerSpeed implements WebSocket.Listener {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    private static final int MOVING_SECONDS = 10;

    private record Frame(JsonNode head, long at) {}

    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    public static void main(String[] arguments) throws Exception {
        String link = arguments[0];
        JsonNode scene = new ObjectMapper().readTree(HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(link + "api/scene")).build(), HttpResponse.BodyHandlers.ofString()).body());
        ViewerSpeed page = new ViewerSpeed();
        long start = System.nanoTime();
        WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder()
                .buildAsync(URI.create(link.replace("http", "ws") + "live"), page).join();
        double[] eye = new double[3];
        for (int i = 0; i < 3; i++) {
            eye[i] = scene.get("views").get(0).get("pose").get(4 * i + 3).asDouble();
        }
        page.ask(socket, pose(scene, eye, 0), false);
        Frame first = page.frames.take();
        System.out.printf("first picture after %.2f s, %s%n", (first.at() - start) / 1e9, size(first));
        page.untilWhole(start, "whole");

        page.move(socket, scene, eye, MOVING_SECONDS, true);
        long rest = System.nanoTime();
        page.ask(socket, pose(scene, eye, 1), false);
        page.untilWhole(rest, "whole after resting");

        for (int minute = 0; minute <= Integer.parseInt(arguments[2]); minute++) {
            System.out.printf("minute %d: %s%n", minute, memory(arguments[1]));
            page.move(socket, scene, eye, 60, false);
        }
        socket.abort();
    }

    private void move(WebSocket socket, JsonNode scene, double[] eye, int seconds, boolean tell) throws Exception {
        frames.clear();
        long start = System.nanoTime();
        int count = 0;
        long pixels = 0;
        while (System.nanoTime() - start < seconds * 1e9) {
            ask(socket, pose(scene, eye, (System.nanoTime() - start) / 2e9), true);
            Thread.sleep(16);
            for (Frame frame = frames.poll(); frame != null; frame = frames.poll()) {
                count++;
                pixels += frame.head().get("width").asLong() * frame.head().get("height").asLong();
            }
        }
        if (tell) {
            System.out.printf("moving: %.1f pictures/s of %d pixels in the mean%n",
                    count / ((System.nanoTime() - start) / 1e9), pixels / Math.max(1, count));
        }
    }

    private void untilWhole(long start, String name) throws InterruptedException {
        Frame frame;
        do {
            frame = frames.take();
        } while (!frame.head().get("final").asBoolean() || frame.at() < start);
        System.out.printf("%s: %.2f s, %s%n", name, (frame.at() - start) / 1e9, size(frame));
    }

    private static String size(Frame frame) {
        return frame.head().get("width") + "x" + frame.head().get("height");
    }

    /** A camera on the circle through the first photo's about what the photos look at. */
    private static Pose pose(JsonNode scene, double[] eye, double angle) {
        double[] at = new double[3];
        double[] up = new double[3];
        double[] arm = new double[3];
        double along = 0;
        for (int i = 0; i < 3; i++) {
            at[i] = scene.get("centre").get(i).asDouble();
            up[i] = scene.get("up").get(i).asDouble();
            arm[i] = eye[i] - at[i];
            along += arm[i] * up[i];
        }
        double[] turned = new double[3];
        for (int i = 0; i < 3; i++) {
            int j = (i + 1) % 3;
            int k = (i + 2) % 3;
            turned[i] = at[i] + arm[i] * Math.cos(angle) + (up[j] * arm[k] - up[k] * arm[j]) * Math.sin(angle)
                    + up[i] * along * (1 - Math.cos(angle));
        }
        return Pose.lookAt(turned, at, up);
    }

    private synchronized void ask(WebSocket socket, Pose pose, boolean moving) {
        socket.sendText(String.format(Locale.ROOT, "{\"type\":\"camera\",\"pose\":%s,\"fov\":40,\"width\":%d,\"height\":%d,"
                + "\"moving\":%b,\"channel\":\"color\",\"crop\":null}", Arrays.toString(pose.matrix()), WIDTH, HEIGHT, moving),
                true).join();
    }

    private static String memory(String process) throws Exception {
        return Files.readAllLines(Path.of("/proc", process, "status")).stream().filter(line -> line.startsWith("VmRSS"))
                .findFirst().orElseThrow().replaceAll("\\s+", " ");
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            byte[] whole = binary.toByteArray();
            binary.reset();
            try {
                int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt();
                JsonNode head = new ObjectMapper().readTree(whole, 4, length);
                frames.add(new Frame(head, System.nanoTime()));
                acknowledge(socket, head.get("sequence").asLong());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        socket.request(1);
        return null;
    }

    private synchronized void acknowledge(WebSocket socket, long sequence) {
        socket.sendText("{\"type\":\"ack\",\"sequence\":" + sequence + "}", true).join();
    }
}
