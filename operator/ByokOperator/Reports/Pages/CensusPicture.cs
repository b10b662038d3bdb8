using System.Globalization;
using System.Xml.Linq;

namespace ByokOperator.Reports.Pages;

/// <summary>How much stands under the store's own key and how much under others, as a bar.</summary>
internal static class CensusPicture
{
    private const int Width = 600;
    private const int Height = 28;
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    public static XElement Of(ReportReading report)
    {
        var all = report.Own + report.Others;
        if (all == 0)
        {
            return new XElement("p", "Nothing was counted.");
        }

        // What is there is seen, however little it is.
        var own = report.Others == 0 ? Width : report.Own == 0 ? 0
            : Math.Clamp((int)Math.Round((double)Width * report.Own / all), 4, Width - 4);
        return new XElement("figure",
            new XElement(svg + "svg", new XAttribute("viewBox", $"0 0 {Width} {Height}"), new XAttribute("role", "img"),
                new XAttribute("aria-label", Words(report)),
                Bar(0, own, "own"), Bar(own, Width - own, "other")),
            new XElement("figcaption", Words(report)));
    }

    private static XElement? Bar(int from, int width, string look) => width == 0 ? null : new XElement(svg + "rect",
        new XAttribute("class", look), new XAttribute("x", from), new XAttribute("y", 0),
        new XAttribute("width", width), new XAttribute("height", Height));

    private static string Words(ReportReading report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Own} objects under the store's own key, {report.Others} under others or none");
}
