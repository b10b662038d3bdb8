using System.CommandLine;
using System.Security.Cryptography;

namespace ByokOperator.Keygen;

/// <summary>
/// <c>byok-operator key generate|wrap|hash|fingerprint|verify</c>: for the tenant's own machine, without a cluster, a
/// network or an account. Secrets come by pipe or password-protected backup, never as an argument; standard output
/// carries the result alone, all talk goes to standard error.
/// </summary>
internal static class KeyCommand
{
    public static Command Create(TimeProvider time) =>
        new("key", "Make, wrap and check a secret that you bring: runs on your machine, needs no cluster.")
        {
            GenerateCommand.Create(time),
            WrapCommand.Create(time),
            HashCommand.Create(),
            FingerprintCommand.Create(),
            VerifyCommand.Create(time),
        };

    /// <summary>The exit code; what went wrong goes to standard error in one line.</summary>
    public static int Run(Action work)
    {
        try
        {
            work();
            return ExitCodes.Done;
        }
        catch (KeygenException refused)
        {
            return Say(refused.Message, refused.ExitCode);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Say(failed.Message, ExitCodes.Failed);
        }
        catch (CryptographicException)
        {
            return Say("the cryptographic library refused: is the public key whole?", ExitCodes.Failed);
        }
    }

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"byok-operator key: {message}");
        return code;
    }
}
