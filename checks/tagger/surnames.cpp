// Family names common in public name statistics of many countries; everyday English words (`brown`, `young`)
// are left out.
#include "checks/tagger/gazetteers.hpp"

namespace guardrails::checks::tagger {

std::string_view surnames() {
  return R"(smith,johnson,williams,jones,garcia,miller,davis,rodriguez,martinez,hernandez,lopez,gonzalez,wilson,anderson
thomas,taylor,moore,jackson,martin,lee,perez,thompson,harris,sanchez,clark,ramirez,lewis,robinson,walker,allen,wright
torres,nguyen,flores,adams,nelson,baker,rivera,campbell,mitchell,carter,roberts,gomez,phillips,evans,turner,diaz,parker
cruz,edwards,collins,reyes,stewart,morris,morales,murphy,rogers,gutierrez,ortiz,morgan,cooper,peterson,bailey,kelly
howard,ramos,kim,richardson,watson,brooks,chavez,bennett,mendoza,ruiz,hughes,alvarez,castillo,sanders,patel,myers,ross
foster,jimenez,powell,jenkins,sullivan,coleman,henderson,barnes,gonzales,fisher,vasquez,simmons,patterson,jordan
reynolds,hamilton,graham,gonzalez,alexander,ramos,wallace,griffin,mcdonald,hayes,gibson,bryant,ellis,stevens,murray
marshall,owens,mcdonald,harrison,woods,kennedy,warren,dixon,burns,gordon,shaw,rice,robertson,hunt,daniels,palmer
nichols,ferguson,stone,hawkins,dunn,perkins,hudson,spencer,gardner,stephens,payne,pierce,berry,matthews,arnold,wagner
willis,watkins,olson,carroll,duncan,snyder,cunningham,bradley,lane,andrews,harper,riley,armstrong,carpenter,weaver
greene,lawrence,elliott,chavez,sims,austin,peters,kelley,franklin,lawson,fields,ryan,schmidt,carr,wheeler,chapman
oliver,montgomery,richards,williamson,johnston,banks,meyer,bishop,mccoy,howell,morrison,hansen,fernandez,garza,harvey
burton,nguyen,jacobs,reid,fuller,lynch,garrett,romero,welch,larson,frazier,burke,hanson,mendez,moreno,bowman,medina
fowler,brewer,hoffman,carlson,silva,pearson,holland,fleming,jensen,vargas,byrd,davidson,hopkins,herrera,soto,neal
caldwell,lowe,jennings,barnett,graves,jimenez,horton,shelton,barrett,obrien,castro,sutton,mckinney,craig,miles,rhodes
o'brien,o'connor,o'neill,fitzgerald,macdonald,mackenzie,mcgregor,mclaughlin,callaghan,doyle,byrne,gallagher,doherty
kowalski,nowak,wiśniewski,wójcik,kamiński,lewandowski,zieliński,novák,novak,svoboda,dvořák,dvorak,horák,horvath,horváth
nagy,szabó,szabo,kovács,kovacs,tóth,varga,molnár,németh,popescu,ionescu,popov,ivanov,petrov,sidorov,smirnov,kuznetsov
volkov,sokolov,lebedev,morozov,novikov,kozlov,pavlov,petrović,jovanović,nikolić,marković,horvat,papadopoulos,müller
muller,schneider,fischer,weber,becker,schulz,schäfer,koch,bauer,richter,klein,schröder,neumann,schwarz,zimmermann
braun,krüger,hofmann,hartmann,lange,schmitt,werner,krause,meier,lehmann,maier,köhler,herrmann,walter,könig,mayer
huber,kaiser,fuchs,scholz,möller,weiss,jung,hahn,vogel,keller,gruber,steiner,dubois,durand,leroy,moreau,laurent,lefebvre
michel,bertrand,roux,fournier,girard,bonnet,dupont,lambert,fontaine,rousseau,vincent,mercier,blanc,guerin,chevalier
rossi,russo,ferrari,esposito,bianchi,romano,colombo,ricci,marino,greco,conti,gallo,costa,mancini,rizzo,lombardi,moretti
santos,oliveira,souza,pereira,lima,carvalho,ferreira,ribeiro,almeida,gomes,martins,araújo,rocha,barbosa,cardoso
garcía,gonzález,rodríguez,fernández,lópez,martínez,sánchez,pérez,gómez,martín,jiménez,hernández,díaz,álvarez,muñoz
romero,alonso,gutiérrez,navarro,domínguez,vázquez,gil,serrano,blanco,molina,ortega,delgado,rubio,marín,iglesias
nuñez,garrido,de vries,jansen,janssen,bakker,visser,smit,meijer,mulder,bos,vos,peters,hendriks,dekker,dijkstra,van dijk
van den berg,andersson,johansson,karlsson,nilsson,eriksson,larsson,olsson,persson,svensson,gustafsson,nielsen,jensen
hansen,pedersen,andersen,christensen,larsen,sørensen,rasmussen,olsen,johansen,korhonen,virtanen,mäkinen,nieminen
mäkelä,hämäläinen,laine,heikkinen,koskinen,järvinen,yılmaz,yilmaz,kaya,demir,çelik,şahin,öztürk,khan,ahmed,ali,hussain
malik,chaudhry,sheikh,singh,kumar,sharma,verma,gupta,mehta,shah,reddy,rao,nair,iyer,menon,das,bose,banerjee,mukherjee
chatterjee,ghosh,kapoor,malhotra,chopra,joshi,desai,wang,zhang,liu,chen,zhao,huang,zhou,xu,zhu,lin,guo,luo,liang,zheng
tang,deng,feng,cai,peng,pan,tanaka,suzuki,sato,takahashi,watanabe,ito,yamamoto,nakamura,kobayashi,kato,yoshida,yamada
sasaki,matsumoto,inoue,kimura,hayashi,shimizu,park,choi,jung,kang,cho,yoon,jang,lim,tran,pham,hoang,phan,vu,dang,bui
wijaya,santoso,okafor,okeke,adeyemi,okonkwo,balogun,abubakar,mensah,owusu,boateng,asante,diallo,traoré,keita,diop,ndiaye
dlamini,nkosi,ndlovu,mokoena,mbeki,zulu,mwangi,otieno,kamau,njoroge,omondi,bekele,haddad,khoury,cohen,levy,mizrahi,peretz
friedman,goldberg,rosenberg,katz,shapiro,bernstein,einstein,tesla,obama,trump,biden,clinton,merkel,macron,putin,zelensky
shakespeare,dickens,tolstoy,austen,darwin,newton,mozart,beethoven,picasso,gandhi,mandela,lincoln,churchill,napoleon)";
}

} // namespace guardrails::checks::tagger
