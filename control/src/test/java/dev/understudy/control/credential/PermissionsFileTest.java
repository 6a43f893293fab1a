package dev.understudy.control.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.Control;
import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.AllowList;
import dev.understudy.control.api.Api;
import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Calls;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Gate;
import dev.understudy.control.api.NamedResource.Named;
import dev.understudy.control.api.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls by the key of the profile {@code ci}, under one permissions file or another. */
class PermissionsFileTest {
    private static final String OURS = "arn:aws:ivs:us-east-1:123456789012:";

    @TempDir
    private Path directory;

    private Control operator;
    private Path file;
    private String stageA;
    private String stageB;
    private String encoder;
    private String storage;
    private String othersStorage;

    @BeforeEach
    void fill() {
        operator = new Control(directory);
        file = directory.resolve("permissions.json");
        stageA = operator.ask("CreateStage", "{}").at("/stage/arn").stringValue();
        stageB = operator.ask("CreateStage", "{}").at("/stage/arn").stringValue();
        encoder = operator.ask("CreateEncoderConfiguration", "{}")
                .at("/encoderConfiguration/arn")
                .stringValue();
        storage = storage("ours");
        othersStorage = storage("others");
    }

    @AfterEach
    void close() {
        operator.close();
    }

    private String storage(String bucket) {
        return operator.ask("CreateStorageConfiguration", "{'s3': {'bucketName': '" + bucket + "'}}")
                .at("/storageConfiguration/arn")
                .stringValue();
    }

    private void write(String json) throws IOException {
        Files.writeString(file, json.replace('\'', '"'));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private void permit(String actions, String... resources) throws IOException {
        write("{'ci': [{'actions': [" + actions + "], 'resources': ['" + String.join("', '", resources) + "']}]}");
    }

    private PermissionsFile open() {
        return PermissionsFile.open(file, () -> Set.of("default", "ci"), Control.HOME, operator.api::bucketOf);
    }

    private Dispatcher dispatcher() {
        return new Dispatcher(
                operator.api.register(new Api()),
                Calls.verifier(),
                new Dispatcher.Gates(open(), Gate.OPEN),
                Calls.CLOCK,
                () -> "request-1");
    }

    private String call(String operation, String json) {
        return call(dispatcher(), operation, json);
    }

    private static String call(Dispatcher dispatcher, String operation, String json) {
        Response response = dispatcher.handle(Calls.post("/" + operation, json.replace('\'', '"')));
        return response.status() + " " + response.text();
    }

    private static String denial(String operation, String arn) {
        String text = "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ivs:" + operation
                + " on resource: " + arn + " because no identity-based policy allows the ivs:" + operation + " action";
        return "403 {\"exceptionMessage\":\"" + text + "\",\"message\":\"" + text + "\"}";
    }

    private String composition(String stage, String storageConfiguration) {
        return "{'stageArn': '" + stage + "', 'destinations': [{'s3': {'storageConfigurationArn': '"
                + storageConfiguration + "', 'encoderConfigurationArns': ['" + encoder + "']}}]}";
    }

    @Test
    void withoutAFileEveryKeyMayDoEverything() {
        assertThat(call("ListStages", "{}")).startsWith("200");
    }

    @Test
    void aKeyThatIsNotNamedMayDoNothingAndTheOperatorsOwnEverything() throws IOException {
        write("{}");

        assertThat(call("ListStages", "{}")).isEqualTo(denial("ListStages", OURS + "*"));
        assertThat(permit(open(), "default")).isEmpty();
    }

    @Test
    void theOperatorsOwnKeyIsLimitedWhereItIsNamed() throws IOException {
        write("{'default': []}");

        assertThatThrownBy(() -> permit(open(), "default")).hasMessageContaining("user/default is not authorized");
    }

    private static Optional<AllowList.Permit> permit(PermissionsFile file, String profile) {
        return file.limit(new Gate.Call("GetStage", new AccessKey("A", profile, "a", Optional.empty())));
    }

    @Test
    void aRightToOneStageIsNoneToAnother() throws IOException {
        permit("'ivs:GetStage', 'ivs:CreateParticipantToken', 'ivs:TagResource'", stageA);

        assertThat(call("GetStage", "{'arn': '" + stageA + "'}")).startsWith("200");
        assertThat(call("GetStage", "{'arn': '" + stageB + "'}")).isEqualTo(denial("GetStage", stageB));
        assertThat(call("CreateParticipantToken", "{'stageArn': '" + stageB + "'}"))
                .isEqualTo(denial("CreateParticipantToken", stageB));
        assertThat(call("tags/" + stageB, "{'tags': {'a': 'b'}}")).isEqualTo(denial("TagResource", stageB));
        assertThat(call("tags/" + stageA, "{'tags': {'a': 'b'}}")).startsWith("200");
        assertThat(call("DeleteStage", "{'arn': '" + stageA + "'}")).isEqualTo(denial("DeleteStage", OURS + "*"));
    }

    @Test
    void creatingAndListingNeedARightToAnyOfTheType() throws IOException {
        permit("'ivs:*'", stageA);

        assertThat(call("CreateStage", "{}")).isEqualTo(denial("CreateStage", OURS + "stage/*"));
        assertThat(call("ListStages", "{}")).isEqualTo(denial("ListStages", OURS + "stage/*"));
        permit("'ivs:*'", OURS + "stage/*");
        assertThat(call("CreateStage", "{}")).startsWith("200");
        assertThat(call("ListStages", "{}")).startsWith("200").contains(stageA).contains(stageB);
    }

    @Test
    void aRightToAStageIsNoneToRecordItIntoAnothersBucket() throws IOException {
        String[] rights = {
            stageA, encoder, OURS + "storage-configuration/*", OURS + "composition/*", "arn:aws:s3:::ours"
        };
        permit("'ivs:StartComposition', 'ivs:UpdateStage', 'ivs:CreateStorageConfiguration'", rights);
        String recording = "{'arn': '%s', 'autoParticipantRecordingConfiguration': {'storageConfigurationArn': '%s'}}";

        assertThat(call("StartComposition", composition(stageA, othersStorage)))
                .isEqualTo(denial("StartComposition", "arn:aws:s3:::others"));
        assertThat(call("StartComposition", composition(stageB, storage)))
                .isEqualTo(denial("StartComposition", stageB));
        assertThat(call("UpdateStage", recording.formatted(stageA, othersStorage)))
                .isEqualTo(denial("UpdateStage", "arn:aws:s3:::others"));
        assertThat(call("CreateStorageConfiguration", "{'s3': {'bucketName': 'others'}}"))
                .isEqualTo(denial("CreateStorageConfiguration", "arn:aws:s3:::others"));
        assertThat(operator.planes).isEmpty();
        assertThat(call("StartComposition", composition(stageA, storage))).startsWith("200");
        assertThat(call("UpdateStage", recording.formatted(stageA, storage))).startsWith("200");
    }

    @Test
    void channelsRecordIntoNobodyElsesBucketEither() throws IOException {
        String recording = operator.ask(
                        "CreateRecordingConfiguration",
                        "{'destinationConfiguration': {'s3': {'bucketName': 'others'}}}")
                .at("/recordingConfiguration/arn")
                .stringValue();
        permit("'ivs:CreateChannel'", OURS + "channel/*", OURS + "recording-configuration/*");

        assertThat(call("CreateChannel", "{'recordingConfigurationArn': '" + recording + "'}"))
                .isEqualTo(denial("CreateChannel", "arn:aws:s3:::others"));
    }

    @Test
    void everyResourceOfAListMustBeAllowed() throws IOException {
        permit("'ivs:BatchGetChannel'", OURS + "channel/A*");

        assertThat(call("BatchGetChannel", "{'arns': ['" + OURS + "channel/Aa', '" + OURS + "channel/Ba']}"))
                .isEqualTo(denial("BatchGetChannel", OURS + "channel/Ba"));
    }

    @Test
    void oneStatementMustAllowBothTheActionAndTheResource() throws IOException {
        write("""
                {'ci': [{'actions': ['ivs:Get*'], 'resources': ['*']},
                        {'actions': ['ivs:DeleteStage'], 'resources': ['%s']}]}""".formatted(stageB));

        assertThat(call("DeleteStage", "{'arn': '" + stageA + "'}")).isEqualTo(denial("DeleteStage", stageA));
        assertThat(call("GetStage", "{'arn': '" + stageA + "'}")).startsWith("200");
        assertThat(call("DeleteStage", "{'arn': '" + stageB + "'}")).startsWith("200");
    }

    @Test
    void aRequestThatIsWrongIsToldSoOnlyToThoseWhoMayCall() throws IOException {
        permit("'ivs:CreateStage'", "*");

        assertThat(call("CreateStage", "{'name': 5}")).startsWith("400").contains("Value at 'name'");
        assertThat(call("GetStage", "{")).isEqualTo(denial("GetStage", OURS + "*"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                                                            | The text is not valid JSON: malformed, near line 1
            `  `                                                         | The text is empty; {} lets only the default profile do anything
            {'ci': [], 'ci': []}                                         | The text is not valid JSON: a name repeated, near line 1
            {'ci': {}}                                                   | ci is not a list of statements
            {'ci': ['*']}                                                | ci[0] is not an object
            {'ci': [{'actions': []}]}                                    | ci[0] must have actions and resources, and nothing else
            {'ci': [{'actions': [], 'resources': [], 'effect': 'Deny'}]} | ci[0] must have actions and resources, and nothing else
            {'ci': [{'actions': 'ivs:*', 'resources': []}]}              | ci[0].actions is not a list of strings
            {'ci': [{'actions': ['ivs:*'], 'resources': [5]}]}           | ci[0].resources is not a list of strings
            {'ci': [{'actions': ['ivs:GetSage'], 'resources': []}]}      | ci[0] names an action that is none of ivs: ivs:GetSage
            {'ci': [{'actions': ['GetStage'], 'resources': []}]}         | ci[0] names an action that is none of ivs: GetStage
            {'ci': [{'actions': ['ivs:*Stage'], 'resources': []}]}       | ci[0] has a * that is not the end of an action: ivs:*Stage
            {'ci': [{'actions': ['ivs:*'], 'resources': ['stage/a']}]}   | ci[0] names no ARN: stage/a
            """)
    void saysWhatIsWrongInTheFile(String json, String message) throws IOException {
        write(json);

        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void refusesAFileThatOthersCanReadOrWrite() throws IOException {
        write("{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(this::open).hasMessageEndingWith("run: chmod 600 " + file);
    }

    @Test
    void countsAsItIsNowAndAsItLastWasWhenItIsSpoilt() throws IOException {
        Dispatcher dispatcher = dispatcher();
        String getA = "{'arn': '" + stageA + "'}";
        assertThat(call(dispatcher, "GetStage", getA)).startsWith("200");

        permit("'ivs:GetStage'", stageB);
        assertThat(call(dispatcher, "GetStage", getA)).startsWith("403");
        later("{'ci': [{'actions': ['ivs:GetStage'], 'resources': ['*']}]}");
        assertThat(call(dispatcher, "GetStage", getA)).startsWith("200");
        for (String spoilt : List.of("{", "{'ci': 5}", "")) {
            later(spoilt);
            assertThat(call(dispatcher, "GetStage", getA)).as(spoilt).startsWith("200");
        }
    }

    @Test
    void aFileThatGoesTakesNoLimitAway() throws IOException {
        permit("'ivs:GetStage'", stageB);
        Dispatcher dispatcher = dispatcher();

        Files.delete(file);

        assertThat(call(dispatcher, "GetStage", "{'arn': '" + stageA + "'}")).startsWith("403");
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws IOException {
        Files.createSymbolicLink(file, directory.resolve("missing"));

        assertThatThrownBy(this::open).hasMessage(file + " is a link to no file");
    }

    @Test
    void aLinkThatAppearsCountsAsSoonAsItLeadsSomewhere() throws IOException {
        PermissionsFile permissions = open();

        Files.createSymbolicLink(file, directory.resolve("mounted.json"));
        assertThat(permit(permissions, "ci")).isEmpty();

        permit("'ivs:GetStage'", stageB);
        assertThat(directory.resolve("mounted.json")).exists();
        assertThat(permit(permissions, "ci")).isPresent();
    }

    @Test
    void warnsOfAProfileThatTheCredentialsFileDoesNotHave() throws IOException {
        try (Logged logged = Logged.by(PermissionsFile.class)) {
            write("{'ci': [], 'cii': [], 'default': []}");
            PermissionsFile permissions = open();
            later("{'ci': [], 'se': []}");
            assertThat(permit(permissions, "default")).isEmpty();

            String warning = "WARN permissions are for a profile that the credentials file does not have ";
            assertThat(logged.lines())
                    .containsExactly(
                            warning + "[file=\"" + file + "\", profile=\"cii\"]",
                            warning + "[file=\"" + file + "\", profile=\"se\"]");
        }
    }

    private void later(String json) throws IOException {
        FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 2_000);
        write(json);
        Files.setLastModifiedTime(file, later);
    }

    @Test
    void aPermitNamesTheFirstResourceThatItRefuses() throws IOException {
        permit("'ivs:GetStage'", stageA);
        AllowList.Permit permit = permit(open(), "ci").orElseThrow();

        assertThatThrownBy(() -> permit.check(new Named(stageB, false)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.kind()).isEqualTo(ApiException.Kind.ACCESS_DENIED))
                .hasMessageContaining(stageB);
    }
}
