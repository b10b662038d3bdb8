using System.Security.Cryptography;
using System.Text;
using Byok.Material;
using ByokOperator.Keygen;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>What holds for every secret, every transport and every password.
/// A failure prints the seed that repeats it.</summary>
public sealed class MaterialProperties
{
    private static readonly Gen<byte[]> SecretGen = Gen.Choose(0, 255).Select(value => (byte)value)
        .ArrayOf(KeyMaterial.Length);
    private static readonly Gen<string> WhiteGen = Gen.Elements("", " ", "\n", "\r\n", "\t", " \r\n\n ");

    /// <summary>A wrapped file in one of the forms that tenants' tools leave it in.</summary>
    private static readonly Gen<Func<byte[], byte[]>> TransportGen =
        from form in Gen.Choose(0, 2)
        from width in Gen.Choose(1, 700)
        from end in Gen.Elements("\n", "\r\n", "\r", " ", "\n\n")
        from before in WhiteGen
        from after in WhiteGen
        from mark in Gen.Elements("", "\uFEFF")
        select form == 0
            ? new Func<byte[], byte[]>(file => file)
            : file =>
                Encoding.UTF8.GetBytes(mark + before
                    + string.Join(end, Convert.ToBase64String(file).Chunk(width).Select(line => new string(line)))
                    + after);

    [Fact]
    public void Every_random_secret_opens_whatever_carried_it() =>
        Check(60,
            from secret in SecretGen
            from transport in TransportGen
            from before in WhiteGen
            from after in WhiteGen
            select (secret, transport, before, after),
            one =>
            {
                var opened = Platform.Open(one.transport(Platform.Wrap(one.secret)),
                    one.before + Platform.HashOf(one.secret) + one.after);
                if (opened is OpenedMaterial.Refused refused)
                {
                    return refused.Code == RefusalCodes.Weak && MaterialStrength.WeaknessOf(one.secret) is not null;
                }

                using var material = ((OpenedMaterial.Opened)opened).Material;
                return material.Bytes.SequenceEqual(one.secret);
            });

    [Fact]
    public void Every_other_length_is_refused_by_its_length() =>
        Check(60, Gen.Choose(0, 446).Where(length => length != KeyMaterial.Length), length =>
            Platform.Open(Platform.Wrap(RandomNumberGenerator.GetBytes(length)))
                is OpenedMaterial.Refused { Code: RefusalCodes.WrongLength } refused
                && refused.Message.Contains($"has {length} bytes", StringComparison.Ordinal));

    [Fact]
    public void One_flipped_bit_anywhere_opens_nothing() =>
        Check(60, from secret in SecretGen from bit in Gen.Choose(0, 4095) select (secret, bit), one =>
        {
            var wrapped = Platform.Wrap(one.secret);
            wrapped[one.bit / 8] ^= (byte)(1 << (one.bit % 8));
            return Platform.Open(wrapped,
                Platform.HashOf(one.secret)) is OpenedMaterial.Refused { Code: RefusalCodes.UnwrapFailed };
        });

    [Fact]
    public void Base64_is_read_back_as_it_was_written_and_in_no_other_form() =>
        Check(2000, Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(), bytes =>
        {
            var text = Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes));
            return bytes.Length == 0
                ? StrictBase64.Decode(text) is null
                : StrictBase64.Decode(text)!.AsSpan().SequenceEqual(bytes)
                    && StrictBase64.Decode([.. text, (byte)'=']) is null && StrictBase64.Decode(text.AsSpan(1)) is null;
        });

    [Fact]
    public void Every_secret_is_read_from_a_pipe_in_each_form() =>
        Check(1000,
            from secret in SecretGen from form in Gen.Choose(0, 3) from end in Gen.Elements("", "\n", "\r\n",
                " \n") select (secret, form, end), one =>
            {
                byte[] piped = one.form switch
                {
                    0 => one.secret,
                    1 => Encoding.ASCII.GetBytes(Convert.ToBase64String(one.secret) + one.end),
                    2 => Encoding.ASCII.GetBytes(Convert.ToHexString(one.secret) + one.end),
                    _ => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(one.secret) + one.end),
                };
                using var read = SecretSource.Parse(piped);
                return read is not null && read.Bytes.SequenceEqual(one.secret);
            });

    [Fact]
    public void A_backup_opens_by_its_password_and_by_no_other() =>
        Check(4,
            from secret in SecretGen from password in Gen.Choose(1, 255).Select(value => (byte)value)
                .NonEmptyListOf() select (secret, password: password.ToArray()), one =>
            {
                using var material = KeyMaterial.CopyOf(one.secret);
                var backup = SaltedBackup.Encrypt(material, one.password);
                using var opened = SaltedBackup.TryOpen(backup, one.password);
                using var other = SaltedBackup.TryOpen(backup, [.. one.password, 1]);
                return opened is not null && opened.IsSameAs(material) && other is null;
            });

    private static void Check<T>(int times, Gen<T> inputs, Func<T, bool> holds) =>
        Should.NotThrow(() =>
            Prop.ForAll(inputs.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(times)));
}
