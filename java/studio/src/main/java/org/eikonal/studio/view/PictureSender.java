package org.eikonal.studio.view;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eikonal.Rendering;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.image.PictureFiles;
import org.eikonal.studio.run.FieldPictures;

/** Makes JPEGs of renderings and sends them, on a thread of its own, so that the field's thread goes on. */
final class PictureSender implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final double MOVING_QUALITY = 0.75;
    static final double FINAL_QUALITY = 0.92;

    private final Photos photos;
    private final FieldPictures pictures;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "pictures");
        thread.setDaemon(true);
        return thread;
    });

    PictureSender(Photos photos, FieldPictures pictures) {
        this.photos = photos;
        this.pictures = pictures;
    }

    /**
     * A rendering on its way.
     *
     * @param directions where its pixels look, for {@link Channel#NORMALS}; else null
     * @param last whether it is the full picture
     * @param step of the field
     */
    record Frame(Look look, Rendering rendering, float[] directions, boolean last, long step) {}

    /** Sends a frame when its turn comes; does not wait. */
    void send(Client client, Frame frame) {
        long sequence = client.begin();
        thread.execute(() -> {
            try {
                client.send(encode(frame, sequence));
            } catch (IOException | RuntimeException e) {
                client.acknowledge(sequence); // nothing comes that could be acknowledged
                client.send(ViewServer.error(e.getMessage()));
            }
        });
    }

    private ByteBuffer encode(Frame frame, long sequence) throws IOException {
        Look look = frame.look();
        Rendering rendering = frame.rendering();
        ObjectNode head = JSON.createObjectNode();
        head.put("sequence", sequence).set("pose", JSON.valueToTree(look.camera().pose().matrix()));
        head.put("fov", look.fov()).put("width", rendering.width()).put("height", rendering.height());
        head.put("fullWidth", look.camera().width()).put("fullHeight", look.camera().height());
        head.put("channel", look.channel().key()).put("final", frame.last()).put("photo", look.photo());
        head.put("step", frame.step());
        byte[] text = JSON.writeValueAsBytes(head);
        byte[] jpeg = PictureFiles.jpeg(picture(look, rendering, frame.directions()),
                frame.last() ? FINAL_QUALITY : MOVING_QUALITY);
        return ByteBuffer.allocate(4 + text.length + jpeg.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(text.length).put(text).put(jpeg).flip();
    }

    private Picture picture(Look look, Rendering rendering, float[] directions) throws IOException {
        return switch (look.channel()) {
            case COLOR -> FieldPictures.rgb(rendering);
            case DEPTH -> pictures.depth(rendering);
            case NORMALS -> FieldPictures.normal(rendering, directions);
            case OPACITY -> FieldPictures.opacity(rendering);
            case ERROR -> FieldPictures.error(rendering,
                    photos.truth(look.photo(), rendering.width(), rendering.height()));
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
