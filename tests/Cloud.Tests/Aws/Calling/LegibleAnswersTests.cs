using System.Text;
using System.Xml.Linq;
using Cloud.Aws.Calling;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Calling;

/// <summary>What S3 writes of a key that XML can't hold.</summary>
public sealed class LegibleAnswersTests
{
    [Theory]
    [InlineData("a&#x1;b", "a?????b")]
    [InlineData("a&#1;b", "a????b")]
    [InlineData("&#xFFFE;", "????????")]
    [InlineData("&#xD83D;", "????????")]
    [InlineData("&#x1F600;", "\U0001F600")]
    [InlineData("&#x9;&#xA;&#13;", "\t\n\r")]
    [InlineData("&amp;#x1;", "&#x1;")]
    [InlineData("\u0001\u001F\uFFFE\uFFFF", "????????")]
    [InlineData("ü\uFF08\u3000", "ü\uFF08\u3000")]
    public void A_character_that_is_none_in_XML_is_blotted_out_and_nothing_else(string written, string read)
    {
        var document = Encoding.UTF8.GetBytes($"<Key>{written}</Key>");
        LegibleAnswers.BlotOut(document);
        XElement.Parse(Encoding.UTF8.GetString(document), LoadOptions.PreserveWhitespace).Value.ShouldBe(read);
    }

    [Theory]
    [InlineData("&#x1")]
    [InlineData("&#x0000000000001;")]
    [InlineData("&")]
    [InlineData("&#")]
    [InlineData("\u00EF")]
    public void What_is_no_reference_that_anybody_writes_is_left_alone(string written)
    {
        var document = Encoding.UTF8.GetBytes(written);
        LegibleAnswers.BlotOut(document);
        Encoding.UTF8.GetString(document).ShouldBe(written);
    }
}
