package dev.understudy.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.stage.ClientDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserAgentsTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', emptyValue = "", textBlock = """
            Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 | Windows | 10.0 | Chrome | 129.0.0.0 | ``
            Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.2792.52 | Windows | 10.0 | Edge | 129.0.2792.52 | ``
            Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 OPR/114.0.0.0 | Windows | 10.0 | Opera | 114.0.0.0 | ``
            Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 | Chrome OS | 14541.0.0 | Chrome | 129.0.0.0 | ``
            Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/129.0.0.0 Safari/537.36 | Linux | `` | Chrome | 129.0.0.0 | ``
            Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0 | Linux | `` | Firefox | 130.0 | ``
            Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0 | Android | 14 | Firefox | 130.0 | ``
            Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36 | Android | 10 | Chrome | 129.0.0.0 | ``
            Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15 | macOS | 10.15.7 | Safari | 17.6 | ``
            Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1 | iOS | 17.6.1 | Safari | 17.6 | ``
            Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/129.0.6668.46 Mobile/15E148 Safari/604.1 | iOS | 17.6 | Chrome | 129.0.6668.46 | ``
            Mozilla/5.0 (OBS-Studio/30.1.2; Windows x86_64; en-US) | Windows | `` | OBS | 30.1.2 | ``
            Mozilla/5.0 (OBS-Studio/31.0.0-beta1; Mac OS X; de-DE) | macOS | `` | OBS | 31.0.0-beta1 | ``
            Mozilla/5.0 (OBS-Studio/30.1.2; Linux x86_64; en-US) | Linux | `` | OBS | 30.1.2 | ``
            Mozilla/5.0 (OBS-Studio/30.1.2; FreeBSD; en-US) | FreeBSD | `` | OBS | 30.1.2 | ``
            Mozilla/5.0 (OBS-Studio/30.1.2; OpenBSD; en-US) | OpenBSD | `` | OBS | 30.1.2 | ``
            Larix Broadcaster/1.3.41 (Android 14) | Android | 14 | Larix | 1.3.41 | ``
            LarixBroadcaster/1.4.2 (iOS 17.6) | iOS | 17.6 | Larix | 1.4.2 | ``
            GStreamer/1.24.7 | `` | `` | `` | `` | GStreamer 1.24.7
            GStreamer souphttpclientsink 1.24.7 libsoup/3.4.4 | `` | `` | `` | `` | GStreamer
            Lavf/61.7.100 | `` | `` | `` | `` | Lavf 61.7.100
            curl/8.5.0 | `` | `` | `` | `` | curl 8.5.0
            libdatachannel/v0.22.1 | `` | `` | `` | `` | libdatachannel 0.22.1
            okhttp/4.12.0 | `` | `` | `` | `` | okhttp 4.12.0
            libwebrtc/M128 (Linux; aarch64) | Linux | `` | `` | `` | libwebrtc M128
            Python/3.12 aiohttp/3.10.5 | `` | `` | `` | `` | Python 3.12
            Mozilla/5.0 | `` | `` | `` | `` | ``
            /1.0 | `` | `` | `` | `` | ``
            `` | `` | `` | `` | `` | ``
            """)
    void tellsWhatPlainlyStandsThere(
            String userAgent,
            String osName,
            String osVersion,
            String browserName,
            String browserVersion,
            String sdkVersion) {
        assertThat(UserAgents.describe(userAgent))
                .isEqualTo(new ClientDescription("", osName, osVersion, browserName, browserVersion, sdkVersion));
    }

    @Test
    void readsNoMoreThanItsBeginning() {
        assertThat(UserAgents.describe(" ".repeat(1_024) + "Chrome/129.0")).isEqualTo(ClientDescription.UNKNOWN);
    }
}
