package dev.understudy.control.composition;

import dev.understudy.control.api.ApiException;
import java.util.Optional;

/**
 * How a composition arranges its participants, as answers show it: exactly one of the two is there, with every default
 * filled in.
 */
public record Layout(Optional<Grid> grid, Optional<Pip> pip) {

    /** What a request may leave out. */
    public record Asked(Optional<Grid.Asked> grid, Optional<Pip.Asked> pip) {}

    /**
     * Equal tiles, with a larger one for a featured participant.
     *
     * @param videoFillMode {@code ""} leaves it to the renderer: COVER for equal tiles, CONTAIN for the featured one
     * @param gridGap between tiles in pixels
     */
    public record Grid(
            String featuredParticipantAttribute,
            boolean omitStoppedVideo,
            String videoAspectRatio,
            String videoFillMode,
            int gridGap,
            String participantOrderAttribute) {

        public record Asked(
                Optional<String> featuredParticipantAttribute,
                Optional<Boolean> omitStoppedVideo,
                Optional<String> videoAspectRatio,
                Optional<String> videoFillMode,
                Optional<Integer> gridGap,
                Optional<String> participantOrderAttribute) {
            static final Grid.Asked NOTHING = new Grid.Asked(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        static Grid of(Grid.Asked asked) {
            return new Grid(
                    asked.featuredParticipantAttribute().orElse(""),
                    asked.omitStoppedVideo().orElse(false),
                    asked.videoAspectRatio().orElse("VIDEO"),
                    asked.videoFillMode().orElse(""),
                    asked.gridGap().orElse(2),
                    asked.participantOrderAttribute().orElse(""));
        }
    }

    /**
     * A picture in a picture.
     *
     * @param gridGap between tiles in pixels
     * @param pipOffset from the closest edges in pixels
     * @param pipWidth of the window in pixels; empty leaves it to the renderer
     * @param pipHeight of the window in pixels; empty leaves it to the renderer
     */
    public record Pip(
            String featuredParticipantAttribute,
            boolean omitStoppedVideo,
            String videoFillMode,
            int gridGap,
            String pipParticipantAttribute,
            String pipBehavior,
            int pipOffset,
            String pipPosition,
            Optional<Integer> pipWidth,
            Optional<Integer> pipHeight,
            String participantOrderAttribute) {

        public record Asked(
                Optional<String> featuredParticipantAttribute,
                Optional<Boolean> omitStoppedVideo,
                Optional<String> videoFillMode,
                Optional<Integer> gridGap,
                Optional<String> pipParticipantAttribute,
                Optional<String> pipBehavior,
                Optional<Integer> pipOffset,
                Optional<String> pipPosition,
                Optional<Integer> pipWidth,
                Optional<Integer> pipHeight,
                Optional<String> participantOrderAttribute) {}

        static Pip of(Pip.Asked asked) {
            return new Pip(
                    asked.featuredParticipantAttribute().orElse(""),
                    asked.omitStoppedVideo().orElse(false),
                    asked.videoFillMode().orElse("COVER"),
                    asked.gridGap().orElse(0),
                    asked.pipParticipantAttribute().orElse(""),
                    asked.pipBehavior().orElse("STATIC"),
                    asked.pipOffset().orElse(0),
                    asked.pipPosition().orElse("BOTTOM_RIGHT"),
                    asked.pipWidth(),
                    asked.pipHeight(),
                    asked.participantOrderAttribute().orElse(""));
        }
    }

    /** What was asked for, completed by the defaults; a grid when nothing was. */
    static Layout of(Optional<Layout.Asked> asked) {
        Optional<Grid.Asked> grid = asked.flatMap(Layout.Asked::grid);
        Optional<Pip.Asked> pip = asked.flatMap(Layout.Asked::pip);
        if (grid.isPresent() && pip.isPresent()) {
            throw ApiException.invalid("layout", "must have only one of grid and pip");
        }
        return pip.isPresent()
                ? new Layout(Optional.empty(), pip.map(Pip::of))
                : new Layout(Optional.of(Grid.of(grid.orElse(Grid.Asked.NOTHING))), Optional.empty());
    }
}
