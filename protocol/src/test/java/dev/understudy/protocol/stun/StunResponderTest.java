package dev.understudy.protocol.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.stun.StunResponder.Answer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StunResponderTest {
    private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.7", 50_000);
    private static final byte[] ID = new byte[12];

    private final StunResponder responder = new StunResponder(new IceCredentials("evtj", PASSWORD));

    @Test
    void answersACheckWithTheAddressItCameFrom() {
        Answer answer = answer(check("evtj:h6vY", PASSWORD, false));

        assertThat(answer.authenticated()).isTrue();
        assertThat(answer.nominated()).isFalse();
        StunMessage response = message(answer);
        assertThat(response.type()).isEqualTo(StunMessage.Type.BINDING_SUCCESS);
        assertThat(response.mappedAddress()).isEqualTo(PEER);
        assertThat(response.transactionId()).isEqualTo(ID);
        assertThat(response.isSignedWith(PASSWORD)).isTrue();
    }

    @Test
    void seesTheNomination() {
        assertThat(answer(check("evtj:h6vY", PASSWORD, true)).nominated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evtk:h6vY", "evtj", "h6vY:evtj", "evt:jh6vY"})
    void refusesAnotherUsername(String username) {
        Answer answer = answer(check(username, PASSWORD, true));

        assertThat(message(answer).errorCode()).isEqualTo(401);
        assertThat(message(answer).isSigned()).isFalse();
        assertThat(answer.authenticated()).isFalse();
        assertThat(answer.nominated()).isFalse();
    }

    @Test
    void refusesAnotherPassword() {
        Answer answer = answer(check("evtj:h6vY", PASSWORD + "x", true));

        assertThat(message(answer).errorCode()).isEqualTo(401);
        assertThat(answer.authenticated()).isFalse();
    }

    @Test
    void calls400WhatHasNoCredentials() {
        byte[] bare =
                new StunWriter(StunMessage.Type.BINDING_REQUEST, ID).priority(1).finish();

        assertThat(message(answer(bare)).errorCode()).isEqualTo(400);
    }

    @Test
    void namesTheAttributesItMustUnderstandAndDoesNot() {
        byte[] strange = new StunWriter(StunMessage.Type.BINDING_REQUEST, ID)
                .username("evtj:h6vY")
                .attribute(0x7001, new byte[4])
                .sign(PASSWORD)
                .finish();

        Answer answer = answer(strange);

        assertThat(answer.authenticated()).isTrue();
        assertThat(message(answer).errorCode()).isEqualTo(420);
        assertThat(answer.response()).containsSequence(0x00, 0x0a, 0x00, 0x02, 0x70, 0x01);
    }

    @Test
    void tellsAPeerInItsOwnRoleToChange() {
        byte[] controlled = StunMessage.bindingRequest(ID, "evtj:h6vY", PASSWORD, 1, false, false, Long.MAX_VALUE);

        assertThat(message(answer(controlled)).errorCode()).isEqualTo(487);
    }

    @Test
    void isSilentToResponsesAndNoise() {
        byte[] response = StunMessage.bindingSuccess(ID, PEER, PASSWORD);

        assertThat(responder.answer(ByteBuffer.wrap(response), PEER)).isEmpty();
        assertThat(responder.answer(ByteBuffer.allocate(40), PEER)).isEmpty();
    }

    @RepeatedTest(500)
    void believesNoRequestThatWasTouched(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        int fingerprintBytes = 8;
        byte[] touched = check("evtj:h6vY", PASSWORD, true);
        touched[random.nextInt(touched.length - fingerprintBytes)] ^= (byte) random.nextInt(1, 256);

        assertThat(responder.answer(ByteBuffer.wrap(touched), PEER).filter(Answer::authenticated))
                .isEmpty();
    }

    @Test
    void hidesThePasswordInText() {
        assertThat(new IceCredentials("evtj", PASSWORD)).hasToString("IceCredentials[usernameFragment=evtj]");
    }

    private static byte[] check(String username, String password, boolean nominates) {
        return StunMessage.bindingRequest(ID, username, password, 1, nominates, true, 1);
    }

    private Answer answer(byte[] request) {
        return responder.answer(ByteBuffer.wrap(request), PEER).orElseThrow();
    }

    private static StunMessage message(Answer answer) {
        return Objects.requireNonNull(StunMessage.parse(ByteBuffer.wrap(answer.response())));
    }
}
