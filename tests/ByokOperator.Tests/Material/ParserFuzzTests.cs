using System.Text;
using Byok.Material;
using ByokOperator.Keygen;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>
/// Mutated inputs to the parsers that meet strangers' bytes. BYOK_FUZZ_SEED repeats a run. What is accepted must be
/// what an encoder would have written; all else is a refusal of one line, and nothing ever throws.
/// </summary>
public sealed class ParserFuzzTests
{
    private static readonly WrappedForm Form = new(MaterialKind.Symmetric256, [512]);
    private static readonly int inputs = Asked.For("FUZZ_INPUTS", 10_000);
    private static readonly int seed = int.TryParse(Environment.GetEnvironmentVariable("BYOK_FUZZ_SEED"), out var given)
        ? given : Random.Shared.Next();

    [Fact]
    public void Uploads_are_the_ciphertext_or_refused()
    {
        var mutator = new Mutator(seed);
        var starts = Starts(mutator.Bytes(512));
        var accepted = 0;
        for (var count = 0; count < inputs; count++)
        {
            var input = mutator.Mutate(starts[count % starts.Length]);
            accepted += CheckUpload(input) ? 1 : 0;
        }

        accepted.ShouldBeGreaterThan(inputs / 100,
            $"seed {seed}: hardly anything was accepted, so hardly anything was tested");
    }

    [Fact]
    public void Key_hashes_are_32_bytes_or_refused()
    {
        var mutator = new Mutator(seed);
        var starts = Starts(mutator.Bytes(32));
        var accepted = 0;
        for (var count = 0; count < inputs; count++)
        {
            var bytes = mutator.Mutate(starts[count % starts.Length]);
            var input = Encoding.Latin1.GetString(bytes);
            var (hash, refusal) = Try(() => KeyHashText.Read(input), bytes);
            Check((hash is null) == (refusal is not null), bytes);
            if (hash is not null)
            {
                accepted++;
                Check(hash.Length == 32 && Convert.ToBase64String(hash) == Stripped(bytes), bytes);
            }
        }

        accepted.ShouldBeGreaterThan(inputs / 100,
            $"seed {seed}: hardly anything was accepted, so hardly anything was tested");
    }

    [Fact]
    public void Secrets_are_32_bytes_or_refused()
    {
        var mutator = new Mutator(seed);
        var starts = Starts(mutator.Bytes(32));
        var accepted = 0;
        for (var count = 0; count < inputs; count++)
        {
            var input = mutator.Mutate(starts[count % starts.Length]);
            using var secret = Try(() => SecretSource.Parse(input), input);
            accepted += secret is null ? 0 : 1;
            Check(secret is null || secret.Bytes.Length == 32, input);
        }

        accepted.ShouldBeGreaterThan(inputs / 100,
            $"seed {seed}: hardly anything was accepted, so hardly anything was tested");
    }

    private static bool CheckUpload(byte[] input)
    {
        var envelope = Try(() => EnvelopeReader.Read(input, Form), input);
        if (envelope is Envelope.Wrapped { Ciphertext: var ciphertext })
        {
            Check(ciphertext.Length == 512
                && (ciphertext.AsSpan().SequenceEqual(input) || Convert.ToBase64String(ciphertext) == Stripped(input)),
                    input);
            return true;
        }

        Check(envelope is Envelope.Malformed { Message: { Length: < 600 } message } && !message.Contains('\n'), input);
        return false;
    }

    private static byte[][] Starts(byte[] content)
    {
        var base64 = Convert.ToBase64String(content);
        return
        [
            content,
            Encoding.ASCII.GetBytes(base64),
            Encoding.ASCII.GetBytes(string.Join("\r\n", base64.Chunk(64).Select(line => new string(line)))),
            Encoding.ASCII.GetBytes(base64.Replace('+', '-').Replace('/', '_')),
            Encoding.ASCII.GetBytes(Convert.ToHexString(content)),
            Encoding.ASCII.GetBytes($"-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----"),
            [.. "Salted__"u8, .. content],
        ];
    }

    private static string Stripped(byte[] input) =>
        Encoding.Latin1.GetString(input).Replace("\u00EF\u00BB\u00BF", "").Replace(" ", "").Replace("\t", "")
            .Replace("\r", "").Replace("\n", "");

    private static T Try<T>(Func<T> parse, byte[] input)
    {
        try
        {
            return parse();
        }
        catch (Exception thrown)
        {
            throw new InvalidOperationException(Report(input), thrown);
        }
    }

    /// <summary>Says which input it was only where it has to:
    /// a million messages take longer than what they are about.</summary>
    private static void Check(bool holds, byte[] input) => holds.ShouldBeTrue(holds ? null : Report(input));

    private static string Report(byte[] input) => $"seed {seed}, input (base64): {Convert.ToBase64String(input)}";
}
