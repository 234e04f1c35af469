package io.mpath.bench.report;

import static io.mpath.bench.report.Recorded.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PageTest {
    private static final String HOSTILE = "<script>alert(\"1\")</script>&amp;'";

    @Test
    void thePageOfARealRunHasASectionForEachComparison() throws Exception {
        String page = Page.of(Recorded.figures(), Comparisons.all(), "a machine");
        Document document = parse(page);
        assertThat(texts(document, "h2"))
                .containsAll(Comparisons.all().stream().map(Comparison::title).toList());
        assertThat(document.getElementsByTagName("svg").getLength())
                .isGreaterThanOrEqualTo(Comparisons.all().size() - 1);
        assertThat(page).contains("a machine");
    }

    @Test
    void everythingThatWasMeasuredIsInIt() throws Exception {
        List<Figure> figures = new ArrayList<>(Recorded.figures());
        figures.add(figure("NewBenchmark.unheardOf", Map.of("by", "me"), 123.4, 5));
        assertThat(Page.of(figures, Comparisons.all(), "")).contains("NewBenchmark.unheardOf[by=me]");
    }

    @Test
    void aPlotByItselfIsAPictureThatNeedsNothingElse() throws Exception {
        for (Comparison comparison : Comparisons.all()) {
            String picture = Page.picture(Recorded.figures(), comparison);
            Element svg = parse(picture).getDocumentElement();
            assertThat(svg.getTagName()).isEqualTo("svg");
            assertThat(svg.getAttribute("xmlns")).isEqualTo("http://www.w3.org/2000/svg");
            assertThat(svg.getElementsByTagName("style").getLength()).isEqualTo(1);
        }
    }

    @Test
    void whatWasNotMeasuredHasNoPicture() {
        assertThat(Page.picture(List.of(), Comparisons.all().get(0))).isEmpty();
    }

    @Test
    void itLoadsNothing() throws Exception {
        String page = Page.of(Recorded.figures(), Comparisons.all(), "");
        Document document = parse(page);
        for (String name : List.of("script", "link", "img", "iframe", "object", "embed", "use", "image")) {
            assertThat(document.getElementsByTagName(name).getLength()).as(name).isZero();
        }
        assertThat(page).doesNotContain("://").doesNotContain("url(").doesNotContain("@import");
        assertThat(page).contains("default-src 'none'");
    }

    @Test
    void whatComesFromTheRunIsTextAndNothingElse() throws Exception {
        List<Figure> figures = List.of(
                figure("S.floor", Map.of(HOSTILE, "2"), 1.0, 0.1),
                figure("S.select", Map.of(HOSTILE, "2", "policy", HOSTILE), 2.0, 0.1),
                figure(HOSTILE + ".x", Map.of(), 2.0, 0.1));
        Comparison comparison = new Comparison(HOSTILE, HOSTILE, "S.select", List.of("S.floor"), "", "", HOSTILE);
        Document document = parse(Page.of(figures, List.of(comparison), HOSTILE));
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(texts(document, "h2")).contains(HOSTILE);
        assertThat(texts(document, "td")).contains(HOSTILE);
    }

    @Test
    void threePlacesOnTheAxisMakeAPlotOfGrowth() throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (int paths : new int[] {1, 8, 64}) {
            figures.add(figure("S.select", Map.of("paths", String.valueOf(paths)), 2.0 * paths, 0.5));
        }
        figures.add(figure("S.floor", Map.of(), 1.0, 0.1));
        Comparison comparison = new Comparison("Choice", "?", "S.select", List.of("S.floor"), "", "paths", "");
        Element svg = parse(GrowthPlot.of(comparison, figures)).getDocumentElement();
        NodeList circles = svg.getElementsByTagName("circle");
        assertThat(circles.getLength()).isEqualTo(3);
        double left = place(circles, 0, "cx");
        double right = place(circles, 2, "cx");
        assertThat(place(circles, 1, "cx")).as("8 is half way from 1 to 64").isEqualTo((left + right) / 2);
        assertThat(place(circles, 1, "cy"))
                .as("growth in proportion is a straight line")
                .isCloseTo((place(circles, 0, "cy") + place(circles, 2, "cy")) / 2, within(0.11));
        String[] box = svg.getAttribute("viewBox").split(" ", -1);
        for (int i = 0; i < circles.getLength(); i++) {
            assertThat(place(circles, i, "cx")).isBetween(0.0, Double.parseDouble(box[2]));
            assertThat(place(circles, i, "cy")).isBetween(0.0, Double.parseDouble(box[3]));
        }
    }

    @Test
    void fewerPlacesMakeBarsOfRatios() throws Exception {
        List<Figure> figures =
                List.of(figure("S.floor", Map.of(), 1.0, 0.1), figure("S.select", Map.of("paths", "2"), 3.0, 0.1));
        Comparison comparison = new Comparison("Choice", "?", "S.select", List.of("S.floor"), "", "paths", "");
        assertThat(GrowthPlot.of(comparison, figures)).isEmpty();
        Element svg = parse(RatioBars.of(comparison, figures)).getDocumentElement();
        assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(1);
        assertThat(texts(svg.getOwnerDocument(), "text")).contains("3.00 ×");
    }

    private static double place(NodeList elements, int index, String attribute) {
        return Double.parseDouble(((Element) elements.item(index)).getAttribute(attribute));
    }

    private static List<String> texts(Document document, String element) {
        List<String> texts = new ArrayList<>();
        NodeList found = document.getElementsByTagName(element);
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent());
        }
        return texts;
    }

    /** As XML, whose parser forgives nothing. */
    private static Document parse(String page) throws Exception {
        String body = page.replace("<!DOCTYPE html>", "");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }
}
