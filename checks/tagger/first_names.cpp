// Given names common in public name statistics of many countries. Names that are everyday English words
// (`will`, `mark`, `may`, `hope`) are left out: a list that holds them says little.
#include "checks/tagger/gazetteers.hpp"

namespace guardrails::checks::tagger {

std::string_view first_names() {
  return R"(james,john,robert,michael,william,david,richard,joseph,thomas,charles,christopher,daniel,matthew,anthony
donald,steven,paul,andrew,joshua,kenneth,kevin,brian,george,edward,ronald,timothy,jason,jeffrey,ryan,jacob,gary
nicholas,eric,jonathan,stephen,larry,justin,scott,brandon,benjamin,samuel,gregory,frank,alexander,raymond,patrick
jack,dennis,jerry,tyler,aaron,jose,adam,nathan,henry,douglas,zachary,peter,kyle,walter,ethan,jeremy,harold,keith
christian,roger,noah,gerald,carl,terry,sean,austin,arthur,lawrence,jesse,dylan,bryan,joe,jordan,billy,bruce,albert
willie,gabriel,logan,alan,juan,wayne,roy,ralph,randy,eugene,vincent,russell,elijah,louis,bobby,philip,johnny,oliver
liam,lucas,mason,theodore,leo,owen,caleb,isaac,connor,adrian,evan,ian,gavin,hugh,neil,graham,simon,martin,stuart
colin,derek,trevor,nigel,clive,geoffrey,malcolm,gordon,duncan,alistair,angus,fergus,callum,declan,rhys,gareth,dafydd
mary,patricia,jennifer,linda,elizabeth,barbara,susan,jessica,sarah,karen,lisa,nancy,betty,margaret,sandra,ashley
kimberly,emily,donna,michelle,carol,amanda,dorothy,melissa,deborah,stephanie,rebecca,sharon,laura,cynthia,kathleen
amy,angela,shirley,anna,brenda,pamela,emma,nicole,helen,samantha,katherine,christine,debra,rachel,carolyn,janet
catherine,maria,heather,diane,ruth,julie,olivia,joyce,virginia,victoria,kelly,lauren,christina,joan,evelyn,judith
megan,andrea,cheryl,hannah,jacqueline,martha,gloria,teresa,ann,sara,madison,frances,kathryn,janice,jean,abigail,alice
julia,judy,sophia,denise,amber,doris,marilyn,danielle,beverly,isabella,theresa,diana,natalie,brittany,charlotte
marie,kayla,alexis,lori,mia,ava,ella,chloe,zoe,lucy,lily,sophie,molly,megan,jane,claire,fiona,eleanor,harriet,beatrice
penelope,imogen,florence,matilda,freya,phoebe,isla,maisie,niamh,siobhan,aoife,ciara,sinead,caitlin,bridget,moira
tom,tim,jim,jimmy,bob,ben,sam,dan,dave,steve,mike,nick,tony,chris,matt,josh,alex,max,andy,kate,katie,liz,beth,jenny
jess,becky,debbie,maggie,peggy,sally,sue,vicky,wendy,tina,tracy,stacy,cindy,mandy,annie,ellie,charlie,freddie,harry
jan,piet,pieter,kees,willem,hendrik,johannes,joost,bram,daan,sven,lars,anders,erik,henrik,magnus,olaf,olav,bjorn,björn
gunnar,ingrid,astrid,sigrid,karin,kirsten,birgit,annika,freja,mette,lene,hanne,jens,jesper,mikkel,rasmus,søren,soren
nils,niels,axel,gustav,oskar,oscar,emil,ida,elin,linnea,maja,saga,tuomas,jukka,pekka,mikko,matti,juhani,antti,kari
timo,heikki,kalle,ville,aino,päivi,tuula,helmi,kristján,jón,guðrún,sigurður,einar,ólafur,hans,klaus,jürgen,jurgen
wolfgang,günther,gunther,dieter,helmut,heinrich,friedrich,karl,fritz,otto,ludwig,stefan,andreas,tobias,florian,lukas
felix,moritz,jonas,niklas,johann,matthias,sabine,monika,petra,ursula,renate,heike,anke,gisela,brigitte,katharina
franziska,johanna,greta,hannelore,ulrike,silke,anja,lena,lea,jean,pierre,jacques,michel,philippe,alain,bernard,andré
andre,françois,francois,christophe,laurent,olivier,pascal,thierry,julien,antoine,mathieu,guillaume,étienne,luc,yves
isabelle,sylvie,nathalie,valérie,sandrine,céline,celine,aurélie,camille,élodie,manon,margaux,amélie,amelie,brigitte
chantal,josé,juan,carlos,luis,miguel,jorge,francisco,antonio,manuel,pedro,alejandro,javier,fernando,rafael,sergio
pablo,diego,ricardo,eduardo,roberto,mario,andrés,raúl,raul,enrique,ramón,ramon,alberto,álvaro,alvaro,ignacio,jaime
gonzalo,santiago,mateo,matías,joaquín,carmen,josefa,isabel,dolores,pilar,cristina,lucía,lucia,paula,elena,raquel
beatriz,rosario,ana,juana,montserrat,mercedes,silvia,rocío,irene,marta,alicia,inés,ines,sofía,sofia,valentina,camila
ximena,guadalupe,giuseppe,giovanni,mario,luigi,francesco,angelo,vincenzo,pietro,salvatore,carlo,franco,domenico,bruno
paolo,marco,giorgio,luca,matteo,alessandro,lorenzo,davide,andrea,simone,stefano,fabio,massimo,giulia,chiara,francesca
federica,silvia,alessandra,giorgia,martina,elisa,paola,antonella,rosa,caterina,joão,joao,paulo,tiago,rui,nuno,vasco
thiago,gustavo,leonardo,felipe,mariana,fernanda,juliana,gabriela,adriana,luciana,patrícia,letícia,beatriz,piotr,jan
krzysztof,andrzej,tomasz,paweł,pawel,michał,michal,marcin,jakub,adam,grzegorz,wojciech,łukasz,lukasz,stanisław,zbigniew
katarzyna,małgorzata,agnieszka,anna,barbara,ewa,magdalena,joanna,zofia,aleksandra,jiří,jiri,petr,jaroslav,tomáš,tomas
martin,miroslav,zdeněk,václav,vaclav,pavel,ondřej,jana,eva,hana,lenka,alena,lucie,věra,jitka,zuzana,istván,istvan
lászló,laszlo,józsef,jános,janos,zoltán,zoltan,sándor,ferenc,attila,gábor,gabor,tamás,péter,bence,eszter,katalin
erzsébet,ilona,ágnes,zsófia,réka,ion,vasile,gheorghe,mihai,andrei,ştefan,elena,ioana,cristian,bogdan,radu,dragan
zoran,goran,nikola,marko,luka,ivan,ivana,milan,milica,jovana,dejan,slobodan,vladimir,sergei,sergey,dmitri,dmitry,alexei
alexey,andrey,mikhail,nikolai,nikolay,igor,oleg,yuri,boris,viktor,anatoly,konstantin,pavel,maxim,artem,olga,tatiana
natalia,natasha,svetlana,irina,ekaterina,anastasia,ludmila,galina,nadezhda,oksana,yulia,daria,volodymyr,oleksandr
mykola,petro,bohdan,taras,dimitris,giorgos,yannis,kostas,nikos,eleni,katerina,sofia,mehmet,mustafa,ahmet,ali,hüseyin
hasan,ibrahim,osman,yusuf,murat,emre,fatma,ayşe,ayse,emine,hatice,zeynep,elif,mohammed,muhammad,mohamed,ahmed,omar
abdullah,khalid,hassan,hussein,youssef,tariq,karim,rashid,salim,faisal,bilal,hamza,ismail,jamal,nasser,samir,walid
fatima,aisha,maryam,zainab,khadija,leila,layla,yasmin,amina,noor,huda,salma,rania,samira,nadia,avraham,moshe,yosef
yitzhak,shlomo,noam,itai,miriam,yael,tamar,shira,reza,hossein,mahdi,dariush,farhad,parisa,shirin,neda,raj,rahul,amit
sanjay,vijay,rajesh,suresh,ramesh,mahesh,anil,sunil,ashok,deepak,manoj,arjun,rohan,vikram,aditya,karthik,ganesh,krishna
ravi,arun,priya,pooja,neha,anjali,sunita,kavita,lakshmi,divya,deepika,shreya,ananya,meera,radha,sita,nisha,swati
imran,asif,bilal,usman,zahid,saima,ayesha,nusrat,rahman,kumar,wei,ming,hui,jing,xiao,lei,yan,fang,xin,yang,jun,jie
hong,mei,ling,xiaoming,hiroshi,takashi,kenji,satoshi,akira,yuki,haruto,yuto,sota,daisuke,kazuki,ryota,naoko,yoko,keiko
akiko,sakura,haruka,yumi,emi,tomoko,minjun,seojun,jiho,hyun,jiwoo,soo,seoyeon,minji,jisoo,nguyen,minh,tuan,huong,linh
thuy,lan,hoa,putri,budi,siti,agus,wayan,nur,dewi,somchai,malee,juan,rizal,jomar,maricel,kwame,kofi,kojo,ama,akosua,yaw
chinedu,emeka,ngozi,chioma,oluwaseun,babatunde,adebayo,folake,ifeoma,amara,tunde,musa,aminata,mamadou,ousmane,fatou
thabo,sipho,nomsa,themba,lerato,tendai,wanjiru,kamau,otieno,achieng,juma,neema,abebe,tesfaye,hana,selam,kai,keanu
aroha,tane,moana,nadine,tanya,sonya,vera,nina,rosie,daisy,ruby,scarlett,aria,luna,nora,hazel,stella,aurora,elise,esther
naomi,rachael,joanna,joanne,lynn,gail,marjorie,lorraine,gertrude,edith,ethel,mildred,agnes,winifred,bernice,loretta
yvonne,yvette,colette,simone,monique,dominique,gilbert,maurice,marcel,rené,rene,gaston,hugo,arnaud,quentin,romain
clement,clément,kurt,rolf,uwe,bernd,detlef,holger,thorsten,torsten,ralf,jörg,heinz,ernst,werner,herbert,walther,gerhard
manfred,siegfried,ignatius,clifford,clarence,leonard,norman,stanley,ernest,alfred,howard,fred,edwin,leroy,melvin,marvin
glenn,vernon,floyd,herman,lloyd,lester,cecil,percy,cedric,desmond,tyrone,jamal,darnell,lamar,deshawn,latoya,keisha
shaniqua,ebony,tamika,brooke,paige,haley,kaitlyn,brianna,kylie,sierra,sabrina,vanessa,veronica,bianca,carla,daniela
gina,gianna,luisa,mariah,melanie,miranda,monica,regina,rita,roxanne,tabitha,tamara,tara,valerie,vivian,whitney,yolanda)";
}

} // namespace guardrails::checks::tagger
