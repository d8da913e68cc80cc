package org.eikonal.studio.view;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eikonal.Rendering;
import org.eikonal.studio.image.Mp4File;
import org.eikonal.studio.image.Picture;
import org.eikonal.studio.path.Shot;
import org.eikonal.studio.run.FieldPictures;
import org.eikonal.studio.run.FieldRenderer;

/** A film that is being rendered. For the field's thread. */
final class FilmWork implements Closeable {
    /** What takes the frames. */
    interface Sink extends Closeable {
        void add(Picture picture) throws IOException;

        void finish() throws IOException;
    }

    private final Film film;
    private final FieldPictures pictures;
    private final List<Shot> shots;
    private final Sink sink;
    private PartialPicture picture;
    private int done;

    FilmWork(Film film, Path file, FieldPictures pictures) throws IOException {
        this.film = film;
        this.pictures = pictures;
        shots = film.path().shots(film.width(), film.height());
        sink = film.film() ? mp4(new Mp4File(file, film.width(), film.height(), film.path().fps()))
                : new FrameArchive(file);
    }

    private static Sink mp4(Mp4File file) {
        return new Sink() {
            @Override
            public void add(Picture picture) throws IOException {
                file.add(picture);
            }

            @Override
            public void finish() throws IOException {
                file.finish();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    /** @return how many frames are done */
    int done() {
        return done;
    }

    /** Renders some rows. @return whether all frames are done */
    boolean advance(FieldRenderer field, Speed speed) throws IOException {
        if (picture == null) {
            picture = new PartialPicture(shots.get(done).camera(), true);
        }
        picture.advance(field, speed);
        if (picture.isWhole()) {
            sink.add(picture(field, picture.rendering()));
            picture = null;
            done++;
        }
        return done == shots.size();
    }

    private Picture picture(FieldRenderer field, Rendering rendering) {
        return switch (film.channel()) {
            case DEPTH -> pictures.depth(rendering);
            case NORMALS -> FieldPictures.normal(rendering, field.directions(shots.get(done)));
            case OPACITY -> FieldPictures.opacity(rendering);
            default -> FieldPictures.rgb(rendering);
        };
    }

    /** Puts the file where it goes. */
    void finish() throws IOException {
        sink.finish();
    }

    /** What was not finished is deleted. */
    @Override
    public void close() throws IOException {
        sink.close();
    }
}
