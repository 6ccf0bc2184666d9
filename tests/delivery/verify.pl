# Verifies the DKIM signature of a message on standard input with Perl's Mail::DKIM, which shares no line with the library that signed it.
# Arguments: the name of the key's record, and the record. No DNS is asked.
use strict;
use warnings;
no warnings 'redefine';
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;

my ($name, $record) = @ARGV;
*Mail::DKIM::DNS::query = sub { lc $_[0] eq lc $name ? bless({}, 'Answer') : () };
{
    package Answer;
    sub type { 'TXT' }
    sub txtdata { $record }
    sub char_str_list { ($record) }
}
my $verifier = Mail::DKIM::Verifier->new;
while (my $line = <STDIN>) {
    $line =~ s/\015?\012$//;
    $verifier->PRINT("$line\015\012");
}
$verifier->CLOSE;
print $verifier->result_detail, "\n";
