package dev.understudy.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfSignedTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-01T00:00:00Z, 2036-11-01T00:00:00Z",
        "2049-12-31T23:59:59Z, 2050-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z, 1980-01-01T00:00:00Z",
    })
    void isACertificateToTheJdk(Instant from, Instant until) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();

        byte[] der = SelfSigned.certificate(keys, "understudy", from, until);

        var certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        certificate.verify(keys.getPublic());
        assertThat(certificate.getEncoded()).isEqualTo(der);
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSubjectX500Principal()).hasToString("CN=understudy");
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(from);
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(until);
        assertThat(certificate.getSerialNumber()).isPositive();
    }
}
