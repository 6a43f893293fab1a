package dev.understudy.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The report of a test runner that is not ours, as tests of ours: one each, passed, failed or skipped as it was. */
final class JUnitReport {
    private JUnitReport() {}

    /** @throws AssertionError when {@code file} is no report */
    static Stream<DynamicTest> tests(Path file) {
        NodeList cases = read(file).getElementsByTagName("testcase");
        return IntStream.range(0, cases.getLength()).mapToObj(i -> test((Element) cases.item(i)));
    }

    private static Element read(Path file) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("no report of tests in " + file, e);
        }
    }

    private static DynamicTest test(Element report) {
        String name = report.getAttribute("classname") + " " + report.getAttribute("name");
        Optional<String> failure = text(report, "failure").or(() -> text(report, "error"));
        Optional<String> skipped = text(report, "skipped");
        return DynamicTest.dynamicTest(name, () -> {
            failure.ifPresent(Assertions::fail);
            skipped.ifPresent(reason -> Assumptions.abort("skipped by its own runner: " + reason));
        });
    }

    private static Optional<String> text(Element report, String kind) {
        NodeList found = report.getElementsByTagName(kind);
        return found.getLength() == 0
                ? Optional.empty()
                : Optional.of(((Element) found.item(0)).getAttribute("message") + "\n"
                        + found.item(0).getTextContent());
    }
}
