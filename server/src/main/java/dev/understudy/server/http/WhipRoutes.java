package dev.understudy.server.http;

import dev.understudy.control.api.ApiException;
import dev.understudy.protocol.sdp.PublishOffer;
import dev.understudy.protocol.sdp.SdpException;
import dev.understudy.server.net.MediaPlane;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Publishing by HTTP (WHIP, RFC 9725): {@code POST /whip} opens a session, {@code DELETE} on its URL ends it.
 *
 * <p>All of a client's addresses are learned from its connectivity checks, so what it trickles by PATCH is taken and not
 * needed. A session's URL cannot be guessed; who knows it may end the session, also without the token, because not all
 * clients send that again. Every answer, errors too, may be read by pages of any origin. Thread-safe.
 */
public final class WhipRoutes implements HttpService {
    /** Browsers' offers have some 6 KiB. */
    static final int MAX_SDP_BYTES = 64 << 10;

    private static final String SDP = "application/sdp";
    private static final String TRICKLE = "application/trickle-ice-sdpfrag";
    private static final String ENDPOINT_METHODS = "POST, OPTIONS";
    private static final String SESSION_METHODS = "DELETE, PATCH, OPTIONS";
    private static final HeaderName ACCEPT_POST = HeaderNames.create("Accept-Post");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");

    private static final List<Header> CORS = List.of(
            HeaderValues.create("Access-Control-Allow-Origin", "*"),
            HeaderValues.create("Access-Control-Allow-Methods", "POST, DELETE, PATCH, OPTIONS"),
            HeaderValues.create("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, ETag"),
            HeaderValues.create("Access-Control-Expose-Headers", "Location, ETag, Link, Accept-Patch, Accept-Post"),
            HeaderValues.create("Access-Control-Max-Age", "86400"));

    private final MediaPlane media;
    private final Admission admission;
    private final JoinLimit joinLimit;
    private final Optional<URI> publicUrl;

    /** {@code publicUrl} is what clients reach us by, where that is not what they say in {@code Host}. */
    public WhipRoutes(MediaPlane media, Admission admission, JoinLimit joinLimit, Optional<URI> publicUrl) {
        this.media = media;
        this.admission = admission;
        this.joinLimit = joinLimit;
        this.publicUrl = publicUrl;
    }

    /** What can refuse. */
    private interface Operation {
        void handle(ServerRequest request, ServerResponse response) throws WhipRefusal;
    }

    @Override
    public void routing(HttpRules rules) {
        for (String endpoint : List.of("/whip", "/whip/")) {
            rules.post(endpoint, (request, response) -> answer(this::open, request, response))
                    .options(endpoint, (request, response) -> answer(WhipRoutes::options, request, response))
                    .any(endpoint, (request, response) -> refuseMethod(ENDPOINT_METHODS, response));
        }
        String session = "/whip/sessions/{id}";
        rules.delete(session, (request, response) -> answer(this::end, request, response))
                .patch(session, (request, response) -> answer(this::trickle, request, response))
                .options(session, (request, response) -> answer(WhipRoutes::options, request, response))
                .any(session, (request, response) -> refuseMethod(SESSION_METHODS, response));
    }

    private static void answer(Operation operation, ServerRequest request, ServerResponse response) {
        CORS.forEach(response::header);
        try {
            operation.handle(request, response);
        } catch (WhipRefusal refusal) {
            refuse(refusal, response);
        }
    }

    private static void refuseMethod(String allowed, ServerResponse response) {
        CORS.forEach(response::header);
        refuse(WhipRefusal.methodNotAllowed(allowed), response);
    }

    private static void refuse(WhipRefusal refusal, ServerResponse response) {
        refusal.headers().forEach(response::header);
        response.status(refusal.status())
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .send(refusal.getMessage() + "\n");
    }

    private static void options(ServerRequest request, ServerResponse response) {
        response.header(ACCEPT_POST, SDP).status(Status.NO_CONTENT_204).send();
    }

    private void open(ServerRequest request, ServerResponse response) throws WhipRefusal {
        requireRoomForJoin(request);
        String token = bearerToken(request);
        requireType(request, SDP, HeaderValues.create(ACCEPT_POST, SDP));
        requireAcceptance(request);
        PublishOffer offer = offer(body(request), token, request);
        String base = base(request);
        Admission.Admitted admitted = admit(token, request);
        MediaPlane.Opened opened = openMedia(admitted, offer, localAddress(request))
                .orElseThrow(() -> WhipRefusal.unavailable("There are too many sessions here; try again later"));
        requireStillAdmitted(admitted, token);
        response.status(Status.CREATED_201)
                .header(HeaderNames.LOCATION, base + "/whip/sessions/" + opened.sessionId())
                .header(HeaderNames.ETAG, etag(opened.sessionId()))
                .header(HeaderNames.CONTENT_TYPE, SDP)
                .header(HeaderNames.create("Accept-Patch"), TRICKLE)
                .send(opened.answer());
    }

    private Optional<MediaPlane.Opened> openMedia(
            Admission.Admitted admitted, PublishOffer offer, InetAddress reachedBy) {
        var participant = new MediaPlane.Participant(
                admitted.stageArn(), admitted.participantId(), admitted.userId(), admitted.attributes());
        try {
            return media.open(participant, offer, reachedBy);
        } catch (RuntimeException e) {
            admission.withdrawn(admitted);
            throw e;
        }
    }

    /** Who was disconnected between admission and session had no session yet that could have been ended. */
    private void requireStillAdmitted(Admission.Admitted admitted, String token) throws WhipRefusal {
        if (!admission.isStillAdmitted(admitted, token)) {
            media.disconnect(admitted.stageArn(), admitted.participantId());
            throw WhipRefusal.forbidden("The participant was disconnected, or its stage deleted, just now");
        }
    }

    private void requireRoomForJoin(ServerRequest request) throws WhipRefusal {
        if (!joinLimit.allows(address(request.remotePeer()))) {
            throw WhipRefusal.tooMany("Your address asks to join too often; try again in a second");
        }
    }

    private static String bearerToken(ServerRequest request) throws WhipRefusal {
        String authorization = header(request, HeaderNames.AUTHORIZATION);
        if (authorization == null) {
            throw WhipRefusal.unauthorized("The header Authorization: Bearer <participant token> is missing");
        }
        String[] parts = authorization.strip().split("\\s+", -1);
        if (parts.length != 2 || !parts[0].equalsIgnoreCase("Bearer")) {
            throw WhipRefusal.unauthorized("The header Authorization must be: Bearer <participant token>");
        }
        return parts[1];
    }

    private static void requireType(ServerRequest request, String expected, Header accepted) throws WhipRefusal {
        String type = header(request, HeaderNames.CONTENT_TYPE);
        String base = type == null ? "" : type.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
        if (!base.equals(expected)) {
            throw WhipRefusal.unsupportedMediaType("The body must be of Content-Type " + expected, accepted);
        }
    }

    private static void requireAcceptance(ServerRequest request) throws WhipRefusal {
        String accept = header(request, HeaderNames.ACCEPT);
        boolean isAccepted = accept == null
                || accept.isBlank()
                || accept.contains("*/*")
                || accept.contains("application/*")
                || accept.toLowerCase(Locale.ROOT).contains(SDP);
        if (!isAccepted) {
            throw WhipRefusal.notAcceptable("The answer is of type " + SDP + ", which Accept does not name");
        }
    }

    private static String body(ServerRequest request) throws WhipRefusal {
        byte[] bytes;
        try {
            bytes = RequestBody.read(request, RequestBody.TIME_LIMIT);
        } catch (ApiException e) {
            throw WhipRefusal.unreadable(Status.create(e.kind().status()), e.text());
        }
        if (bytes.length > MAX_SDP_BYTES) {
            throw WhipRefusal.tooLarge("The body may have at most " + MAX_SDP_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private PublishOffer offer(String sdp, String token, ServerRequest request) throws WhipRefusal {
        try {
            return PublishOffer.read(sdp);
        } catch (SdpException e) {
            throw switch (e.reason()) {
                case MALFORMED -> WhipRefusal.badRequest(message(e));
                case TRANSPORT -> WhipRefusal.unprocessable(message(e));
                case VIDEO_CODEC -> unprocessable(token, request, Admission.Fault.VIDEO_CODEC, message(e));
                case AUDIO_CODEC -> unprocessable(token, request, Admission.Fault.AUDIO_CODEC, message(e));
            };
        }
    }

    private WhipRefusal unprocessable(String token, ServerRequest request, Admission.Fault fault, String why) {
        try {
            admission.cannotPublish(token, client(request), fault, why);
            return WhipRefusal.unprocessable(why);
        } catch (Admission.Refused e) {
            return refusal(e);
        }
    }

    private Admission.Admitted admit(String token, ServerRequest request) throws WhipRefusal {
        try {
            return admission.admit(token, client(request));
        } catch (Admission.Refused e) {
            throw refusal(e);
        }
    }

    private static WhipRefusal refusal(Admission.Refused refused) {
        return switch (refused.kind()) {
            case INVALID, EXPIRED -> WhipRefusal.unauthorized(message(refused));
            case WRONG_STAGE, NOT_PERMITTED -> WhipRefusal.forbidden(message(refused));
            case CROWDED -> WhipRefusal.unavailable(message(refused));
        };
    }

    private static Admission.ClientInfo client(ServerRequest request) {
        String userAgent = header(request, HeaderNames.USER_AGENT);
        return new Admission.ClientInfo(request.remotePeer().host(), userAgent == null ? "" : userAgent);
    }

    /** Some clients join a relative Location to the wrong URL, so it is absolute. */
    private String base(ServerRequest request) throws WhipRefusal {
        if (publicUrl.isPresent()) {
            return publicUrl.get().toString().replaceFirst("/+$", "");
        }
        String host = request.authority();
        if (!HOST.matcher(host).matches()) {
            throw WhipRefusal.badRequest("The header Host is missing or unusable");
        }
        return (request.isSecure() ? "https://" : "http://") + host;
    }

    private static InetAddress localAddress(ServerRequest request) {
        return address(request.localPeer());
    }

    private static InetAddress address(PeerInfo peer) {
        return peer.address() instanceof InetSocketAddress address && !address.isUnresolved()
                ? address.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    private void end(ServerRequest request, ServerResponse response) throws WhipRefusal {
        if (!media.end(sessionId(request))) {
            throw noSession();
        }
        response.status(Status.OK_200).send();
    }

    /** Candidates are taken and not needed. An ICE restart (RFC 9725 section 4.3.3) is not supported: publish anew. */
    private void trickle(ServerRequest request, ServerResponse response) throws WhipRefusal {
        String sessionId = sessionId(request);
        if (!media.isOpen(sessionId)) {
            throw noSession();
        }
        requireType(request, TRICKLE, HeaderValues.create("Accept-Patch", TRICKLE));
        body(request);
        String ifMatch = header(request, HeaderNames.IF_MATCH);
        if ("*".equals(ifMatch)) {
            throw WhipRefusal.unprocessable("ICE restarts are not supported; end this session and open another");
        }
        if (ifMatch != null && !ifMatch.equals(etag(sessionId))) {
            throw WhipRefusal.preconditionFailed("If-Match does not name this session's ETag");
        }
        response.status(Status.NO_CONTENT_204)
                .header(HeaderNames.ETAG, etag(sessionId))
                .send();
    }

    private static WhipRefusal noSession() {
        return WhipRefusal.notFound("There is no such session, or it has ended");
    }

    private static String sessionId(ServerRequest request) {
        return request.path().pathParameters().get("id");
    }

    /** Names the one ICE session that a WHIP session has here. */
    private static String etag(String sessionId) {
        return '"' + sessionId.substring(0, 8) + '"';
    }

    private static String message(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), "");
    }

    private static @Nullable String header(ServerRequest request, HeaderName name) {
        return request.headers().first(name).orElse(null);
    }
}
