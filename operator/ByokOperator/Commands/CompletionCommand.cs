using System.CommandLine;

namespace ByokOperator.Commands;

/// <summary><c>byok-operator completion bash|zsh</c>: a script that asks the
/// program itself what may come next.</summary>
internal static class CompletionCommand
{
    // What may come next is asked by [suggest:POSITION] and the line without the program's own name.
    private const string Bash = """
        _byok_operator() {
            local line="${COMP_LINE#* }" at
            at=$(( COMP_POINT - ${#COMP_LINE} + ${#line} ))
            local IFS=$'\n'
            COMPREPLY=( $(compgen -W "$("$1" "[suggest:$at]" "$line" 2>/dev/null)" -- "$2") )
        }
        complete -o default -F _byok_operator byok-operator kubectl-byok
        """;

    private const string Zsh = """
        #compdef byok-operator kubectl-byok
        _byok_operator() {
            local line="${BUFFER#* }"
            local at=$(( CURSOR - ${#BUFFER} + ${#line} ))
            local -a known
            known=( ${(f)"$(${words[1]} "[suggest:$at]" "$line" 2>/dev/null)"} )
            compadd -a known
        }
        compdef _byok_operator byok-operator kubectl-byok
        """;

    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash or zsh" };

    public static Command Create()
    {
        Command command = new("completion", "Print a completion script: source <(byok-operator completion bash).");
        command.Arguments.Add(Shell);
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(Shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            var other =>
                throw new BadInputException(
                    $"there is no completion for '{Kube.Core.Printable.Of(other!)}': give bash or zsh"),
        }));
        return command;
    }
}
