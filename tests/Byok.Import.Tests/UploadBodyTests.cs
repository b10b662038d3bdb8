using System.Text;
using System.Text.Json;
using Byok.Import.Serving;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Byok.Import.Tests;

public sealed class UploadBodyTests
{
    private static readonly int rounds = Asked.For("FUZZ_INPUTS", 10_000);

    [Theory]
    [InlineData("""{"importToken":"t","keyMaterial":"QUJD"}""", "t", "QUJD")]
    [InlineData("""{ "keyMaterial" : "QUJD" , "importToken" : "t" , "note": [1, {"keyMaterial": null}] }""", "t",
        "QUJD")]
    [InlineData("{\"importToken\":\"t\",\"keyMaterial\":\"QU\nJD\n\"}", "t", "QUJD")]
    [InlineData("{\"importToken\":\"t\",\"keyMaterial\":\"QU\r\nJD\"}", "t", "QUJD")]
    [InlineData("{\"keyMaterial\"\n:\n\"QU\nJD\",\n\"importToken\":\"t\"}", "t", "QUJD")]
    [InlineData("""{"importToken":"t","keyMaterial":"QU\nJD"}""", "t", "QU\nJD")]
    [InlineData("""{"a":"keyMaterial","importToken":"t","keyMaterial":"QUJD"}""", "t", "QUJD")]
    public void A_body_is_read(string json, string token, string material)
    {
        var (body, problem) = Read(json);
        problem.ShouldBeNull();
        (body!.ImportToken, Encoding.UTF8.GetString(body.KeyMaterial)).ShouldBe((token, material));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("importToken=t&keyMaterial=QUJD")]
    [InlineData("""{"importToken":"t","keyMaterial":"QUJD"} {}""")]
    [InlineData("""{"importToken":"t","keyMaterial":"QUJD",}""")]
    [InlineData("""{"importToken":"t","keyMaterial":"QUJD"/*x*/}""")]
    [InlineData("""{'importToken':'t','keyMaterial':'QUJD'}""")]
    [InlineData("{\"importToken\":\"t\n\",\"keyMaterial\":\"QUJD\"}")]
    [InlineData("{\"importToken\":\"t\",\"key\nMaterial\":\"QUJD\"}")]
    [InlineData("{\"importToken\":\"t\",\"keyMaterial\":\"QUJD\",\"note\":\"a\nb\"}")]
    [InlineData("{\"importToken\":\"t\",\"keyMaterial\":\"QU\tJD\"}")]
    [InlineData("{\"importToken\":\"t\",\"keyMaterial\":\"QU\\\nJD\"}")]
    [InlineData("{\"importToken\":\"t\",\"x\":{\"keyMaterial\":\"QU\nJD\"},\"keyMaterial\":\"QUJD\"}")]
    [InlineData("{\"importToken\":\"t\",\"note\":\"keyMaterial\",\"x\":\"QU\nJD\"}")]
    [InlineData("""{"importToken":"\ud800","keyMaterial":"QUJD"}""")]
    public void What_is_not_JSON_is_refused_as_that(string json) =>
        Read(json).Problem.ShouldBe(ImportProblem.BodyNotJson);

    [Theory]
    [InlineData("{}", "importToken")]
    [InlineData("""{"importToken":"t"}""", "keyMaterial")]
    [InlineData("""{"keyMaterial":"QUJD"}""", "importToken")]
    [InlineData("""{"importToken":"","keyMaterial":"QUJD"}""", "importToken")]
    [InlineData("""{"importToken":"t","keyMaterial":""}""", "keyMaterial")]
    [InlineData("""{"importToken":1,"keyMaterial":"QUJD"}""", "importToken")]
    [InlineData("""{"importToken":"t","keyMaterial":["QUJD"]}""", "keyMaterial")]
    [InlineData("{\"importToken\":\"t\",\"keyMaterial\":[\"QU\nJD\"]}", "keyMaterial")]
    [InlineData("""{"importToken":"t","importToken":"t","keyMaterial":"QUJD"}""", "importToken")]
    [InlineData("""{"importToken":"t","keyMaterial":"QUJD","keyMaterial":"QUJD"}""", "keyMaterial")]
    [InlineData("""{"ImportToken":"t","KeyMaterial":"QUJD"}""", "importToken")]
    public void A_missing_or_doubled_member_is_named(string json, string member)
    {
        var problem = Read(json).Problem.ShouldNotBeNull();
        (problem.Slug, problem.Detail.StartsWith(member, StringComparison.Ordinal)).ShouldBe(("member-wrong", true));
    }

    [Theory]
    [InlineData("""{"importToken":"t","keyMaterial":"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo""")]
    [InlineData("{\"importToken\":\"t\",\"keyMaterial\":\"QUJD\n")]
    public void A_body_that_a_shell_tore_at_a_line_end_is_told_so(string json) =>
        Read(json).Problem.ShouldBe(ImportProblem.BodyTorn);

    /// <summary>The reader accepts exactly what a strict one accepts of the
    /// same text without the line ends of that one value.</summary>
    [Fact]
    public void No_body_is_read_otherwise_than_a_strict_reader_would()
    {
        var chance = new Random(20260301);
        var (accepted, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var text = Bodies.Make(chance, out var strict);
            var (body, _) = UploadBody.Read(text);
            if (body is null != Bodies.StrictlyRead(strict) is null)
            {
                throw new InvalidOperationException($"round {round}: {Encoding.UTF8.GetString(text)}");
            }

            _ = body is null ? refused++ : accepted++;
        }

        accepted.ShouldBeGreaterThan(rounds / 10);
        refused.ShouldBeGreaterThan(rounds / 10);
    }

    [Fact]
    public void No_bytes_make_the_reader_throw()
    {
        var chance = new Random(7);
        var bytes = new byte[64];
        for (var round = 0; round < rounds; round++)
        {
            var length = chance.Next(bytes.Length);
            for (var at = 0; at < length; at++)
            {
                bytes[at] = (byte)(chance.Next(4) == 0 ? chance.Next(256)
                    : "{}[]\":,\\\n\r untlkeyMaterial0\xd8"[chance.Next(28)]);
            }

            if (round % 4 == 0)
            {
                bytes[0] = (byte)'{'; // the rest is refused by its first letter
            }

            UploadBody.Read(bytes.AsSpan(0, length));
        }
    }

    private static (UploadBody? Body, ImportProblem? Problem) Read(string json) =>
        UploadBody.Read(Encoding.UTF8.GetBytes(json));
}
