package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.resource.Foundation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The viewer session operations of the control API. What they revoke is kept; nothing is played yet. Thread-safe. */
public final class ViewerSessions {
    /** Of one channel. Whoever was revoked longest ago is forgotten; their session has ended by then. */
    static final int KEPT = 10_000;

    public record StartViewerSessionRevocationRequest(
            String channelArn, String viewerId, Optional<Integer> viewerSessionVersionsLessThanOrEqualTo) {}

    public record StartViewerSessionRevocationResponse() {}

    public record BatchStartViewerSessionRevocationRequest(List<ViewerSession> viewerSessions) {}

    /** What is to be revoked: the viewer's sessions up to a version, 0 by default. */
    public record ViewerSession(
            String channelArn, String viewerId, Optional<Integer> viewerSessionVersionsLessThanOrEqualTo) {}

    public record BatchStartViewerSessionRevocationResponse(List<RevocationError> errors) {}

    /** Why one of the sessions was not revoked: as the call for it alone would be refused. */
    public record RevocationError(String channelArn, String viewerId, String code, String message) {}

    private final Foundation base;

    public ViewerSessions(Foundation base) {
        this.base = base;
    }

    public StartViewerSessionRevocationResponse revoke(StartViewerSessionRevocationRequest request) {
        var session = new ViewerSession(
                request.channelArn(), request.viewerId(), request.viewerSessionVersionsLessThanOrEqualTo());
        base.store().update(h -> revoke(h, session));
        return new StartViewerSessionRevocationResponse();
    }

    /** Revokes those that can be, and says why others cannot. */
    public BatchStartViewerSessionRevocationResponse revokeMany(BatchStartViewerSessionRevocationRequest request) {
        return new BatchStartViewerSessionRevocationResponse(base.store().write(h -> {
            List<RevocationError> errors = new ArrayList<>();
            for (ViewerSession session : request.viewerSessions()) {
                try {
                    revoke(h, session);
                } catch (ApiException refusal) {
                    errors.add(new RevocationError(
                            session.channelArn(),
                            session.viewerId(),
                            refusal.kind().shape(),
                            refusal.text()));
                }
            }
            return errors;
        }));
    }

    /** A lower version than before takes nothing back. */
    private void revoke(Handle handle, ViewerSession session) {
        base.home().check(session.channelArn());
        Channels.check(handle, session.channelArn());
        handle.execute(
                """
                INSERT INTO viewer_session_revocation (channel_arn, viewer_id, version) VALUES (?, ?, ?)
                ON CONFLICT (channel_arn, viewer_id) DO UPDATE SET version = MAX(version, excluded.version)""",
                session.channelArn(),
                session.viewerId(),
                session.viewerSessionVersionsLessThanOrEqualTo().orElse(0));
        handle.execute("""
                DELETE FROM viewer_session_revocation WHERE channel_arn = ? AND seq <= (
                    SELECT seq FROM viewer_session_revocation WHERE channel_arn = ?
                    ORDER BY seq DESC LIMIT 1 OFFSET ?)""", session.channelArn(), session.channelArn(), KEPT);
    }
}
