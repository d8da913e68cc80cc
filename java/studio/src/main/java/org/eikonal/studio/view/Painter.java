package org.eikonal.studio.view;

import java.util.List;
import org.eikonal.studio.run.FieldRenderer;
import org.eikonal.studio.run.RunException;

/** Renders what clients and films want, a band at a time, each in its turn. For the field's thread. */
final class Painter {
    private static final double RENEW_SECONDS = 3;

    private final List<Client> clients;
    private final Films films;
    private final PictureSender sender;
    private final Speed fast = new Speed();
    private final Speed fine = new Speed();
    private int turn;

    /** @param clients whoever looks, at any moment */
    Painter(List<Client> clients, Films films, PictureSender sender) {
        this.clients = clients;
        this.films = films;
        this.sender = sender;
    }

    /**
     * Renders a part of a picture or of a film.
     *
     * @param step of the field
     * @param training whether it changes again soon, so that pictures at rest are renewed now and then only
     * @return whether there was something to render
     */
    boolean work(FieldRenderer field, long step, boolean training) {
        List<Client> all = List.copyOf(clients);
        // A film takes its turn like one more client.
        for (int i = 0; i <= all.size(); i++) {
            int next = (turn + i) % (all.size() + 1);
            if (next == all.size() ? films.work(field, fine) : work(all.get(next), field, step, training)) {
                turn = next + 1;
                return true;
            }
        }
        return false;
    }

    private boolean work(Client client, FieldRenderer field, long step, boolean training) {
        if (!client.isReady()) {
            return false;
        }
        Refinement refinement = client.refinement;
        long now = System.nanoTime();
        if (refinement.isComplete() && step != client.finishedStep
                && (!training || now - client.finishedAt > RENEW_SECONDS * 1e9)) {
            refinement.renew();
        }
        try {
            PartialPicture picture = refinement.next(client.look(), fast, field.isSmooth());
            if (picture == null) {
                return false;
            }
            Look look = refinement.pictured();
            picture.advance(Crop.of(field, look.crop()), picture.isFine() ? fine : fast);
            if (picture.isWhole()) {
                float[] directions = look.channel() == Channel.NORMALS ? field.directions(picture.camera()) : null;
                sender.send(client, new PictureSender.Frame(look, picture.rendering(), directions,
                        refinement.isLast(), step));
                refinement.done();
                client.finishedAt = System.nanoTime();
                client.finishedStep = step;
            }
        } catch (RunException | IllegalArgumentException e) {
            client.want(null);
            client.send(ViewServer.error(e.getMessage()));
        }
        return true;
    }
}
