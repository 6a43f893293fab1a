package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verifier against the signatures of AWS's own test suite, {@code aws-sig-v4-test-suite}. */
class SigV4VectorsTest {
    private static final AccessKey KEY =
            new AccessKey("AKIDEXAMPLE", "default", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty());

    private final SigV4Verifier verifier = new SigV4Verifier(
            _ -> Optional.of(KEY), "us-east-1", "service", InstantSource.fixed(Instant.parse("2015-08-30T12:36:00Z")));

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            get-vanilla                      | GET  | /                      | ''                            | ''                                      | ''            | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-vanilla-query-order-key-case | GET  | /                      | Param2=value2&Param1=value1   | ''                                      | ''            | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
            get-vanilla-query-unreserved     | GET  | /                      | -._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz | '' | '' | 9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197
            get-unreserved                   | GET  | /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz | ''  | ''                     | ''            | 07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f
            get-utf8                         | GET  | /\u1234                | ''                            | ''                                      | ''            | 8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85
            get-space                        | GET  | /example space/        | ''                            | ''                                      | ''            | 652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741
            get-relative                     | GET  | /example/..            | ''                            | ''                                      | ''            | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-relative-relative            | GET  | /example1/example2/../.. | ''                          | ''                                      | ''            | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-slash                        | GET  | //                     | ''                            | ''                                      | ''            | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-slash-dot-slash              | GET  | /./                    | ''                            | ''                                      | ''            | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            get-slash-pointless-dot          | GET  | /./example             | ''                            | ''                                      | ''            | ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5
            get-slashes                      | GET  | //example//            | ''                            | ''                                      | ''            | 9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84
            get-header-key-duplicate         | GET  | /                      | ''                            | my-header1:value2;my-header1:value2;my-header1:value1 | '' | c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea
            get-header-value-order           | GET  | /                      | ''                            | my-header1:value4;my-header1:value1;my-header1:value3;my-header1:value2 | '' | 08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01
            get-header-value-trim            | GET  | /                      | ''                            | my-header1: value1;my-header2: "a   b   c" | ''         | acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736
            post-vanilla                     | POST | /                      | ''                            | ''                                      | ''            | 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b
            post-vanilla-query               | POST | /                      | Param1=value1                 | ''                                      | ''            | 28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11
            post-x-www-form-urlencoded       | POST | /                      | ''                            | content-type:application/x-www-form-urlencoded | Param1=value1 | ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a
            """, delimiter = '|')
    void acceptsTheSignatureOf(
            String name, String method, String path, String query, String extraHeaders, String body, String signature) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("host", List.of("example.amazonaws.com"));
        headers.put("x-amz-date", List.of("20150830T123600Z"));
        for (String header : extraHeaders.isEmpty() ? new String[0] : extraHeaders.split(";", -1)) {
            int colon = header.indexOf(':');
            headers.computeIfAbsent(header.substring(0, colon), _ -> new ArrayList<>())
                    .add(header.substring(colon + 1));
        }
        headers.put(
                "authorization",
                List.of("AWS4-HMAC-SHA256"
                        + " Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
                        + String.join(";", new TreeSet<>(headers.keySet())) + ", Signature=" + signature));

        var request = new Request(method, path, query, headers, body.getBytes(StandardCharsets.UTF_8));

        assertThat(verifier.verify(request)).as(name).isEqualTo(KEY);
    }
}
