package dev.fanfare.examples;

class HtmlUnitPageTest extends PageContract<HtmlUnitBrowser> {

    @Override
    HtmlUnitBrowser browser() {
        return new HtmlUnitBrowser();
    }
}
