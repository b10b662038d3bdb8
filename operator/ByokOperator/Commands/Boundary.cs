using System.CommandLine;
using System.CommandLine.Invocation;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>Where whatever a command refuses or throws ends: in a sentence and an exit code,
/// never in a stack trace.</summary>
internal static class Boundary
{
    /// <summary>What follows is the name of a class, which helps nobody.</summary>
    private const string OurTypes = " as expected type ";

    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> arguments, TextWriter errors)
    {
        var parsed = root.Parse(arguments, CommandLine.Parsing);
        if (parsed.Action is ParseErrorAction)
        {
            return await SayAsync(errors,
                $"{Wrong(parsed)}; {Path(parsed.CommandResult.Command)} --help tells what it takes", ExitCodes.Usage);
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    ProcessTerminationTimeout = Termination.Limit,
                    EnableDefaultExceptionHandler = false,
                });
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Failed; // whoever asked for the end knows
        }
        catch (BadInputException wrong)
        {
            return await SayAsync(errors, wrong.Message, ExitCodes.Usage);
        }
        catch (Exception failed) // the last place that can say it
        {
            return await SayAsync(errors, Said(failed), ExitCodes.Failed);
        }
    }

    private static string Wrong(ParseResult parsed) =>
        string.Join("; ",
            parsed.Errors.Select(error => Printable.Of(error.Message.Split(OurTypes)[0].TrimEnd('.'))).Distinct());

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}"
            : "byok-operator";

    /// <summary>What the system refused says what; anything else is ours,
    /// and its kind helps whoever reports it.</summary>
    private static string Said(Exception failed) =>
        failed is IOException or UnauthorizedAccessException or HttpRequestException
            ? Printable.Of(failed.Message)
            : $"{failed.GetType().Name}: {Printable.Of(failed.Message)}; please report it with the command that was "
                + "run";

    private static async Task<int> SayAsync(TextWriter errors, string sentence, int code)
    {
        await errors.WriteLineAsync($"byok-operator: {sentence}");
        return code;
    }
}

/// <summary>How a process of ours ends when it is asked to.</summary>
internal static class Termination
{
    /// <summary>
    /// A pod has 30 s from SIGTERM to SIGKILL. Without this the command line would end the process after 2 s, in the
    /// middle of a checkpoint or with the lease still held.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(29);
}
