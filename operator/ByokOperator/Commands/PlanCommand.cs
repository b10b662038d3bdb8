using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Migrations;
using ByokOperator.Overview;

namespace ByokOperator.Commands;

/// <summary><c>byok-operator plan NAMESPACE/NAME</c>, or <c>kubectl byok plan</c>: what the store's move, or its way
/// back, would take, and what stands in its way. It reads and changes nothing.</summary>
internal static class PlanCommand
{
    private static readonly Argument<string> Store =
        new("NAMESPACE/NAME") { Description = "the EncryptedStore, with spec.migration.mode Plan" };
    private static readonly Option<string?> Kubeconfig = Looking.Kubeconfig();
    private static readonly Option<string?> Context = Looking.Context();

    public static Command Create()
    {
        Command command = new("plan", "Print what a store's move would take, and what stands in its way.");
        command.Arguments.Add(Store);
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
        command.SetAction((parsed, cancellation) => ActAsync(parsed, Console.Out, Console.Error, cancellation));
        return command;
    }

    /// <summary>Fails where there is no plan, or it is not complete yet.</summary>
    internal static Task<int> ActAsync(
        ParseResult parsed, TextWriter page, TextWriter person, CancellationToken cancellation)
    {
        var name = Looking.KeyOf(parsed.GetRequiredValue(Store));
        return Asking.RunAsync(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), person, async client =>
        {
            if (await Looking.FindAsync<EncryptedStore>(client, name, person, cancellation) is not { } store)
            {
                return ExitCodes.Failed;
            }

            await page.WriteAsync(PlanText.Of(store));
            return store.Status?.Plan?.State == MovePlanner.Complete ? ExitCodes.Done : ExitCodes.Failed;
        });
    }
}
