// Nationalities and peoples, religions and political groups: what Presidio calls NRP.
#include "checks/tagger/gazetteers.hpp"

namespace guardrails::checks::tagger {

std::string_view groups() {
  return R"(afghan,afghans,albanian,albanians,algerian,algerians,american,americans,andorran,angolan,angolans,argentine
argentines,argentinian,argentinians,armenian,armenians,australian,australians,austrian,austrians,azerbaijani
azerbaijanis,bahamian,bahraini,bangladeshi,bangladeshis,barbadian,belarusian,belarusians,belgian,belgians,beninese
bhutanese,bolivian,bolivians,bosnian,bosnians,brazilian,brazilians,british,briton,britons,bruneian,bruneians,bulgarian
bulgarians,burmese,burundian,cambodian,cambodians,cameroonian,canadian,canadians,chadian,chilean,chileans,chinese
colombian,colombians,congolese,costa rican,croatian,croatians,croat,croats,cuban,cubans,cypriot,cypriots,czech,czechs
danish,dane,danes,dominican,dominicans,dutch,dutchman,ecuadorian,ecuadorians,ecuadorean,ecuadoreans,egyptian,egyptians
emirati,emiratis,english,englishman,englishmen,eritrean,estonian,estonians,ethiopian,ethiopians,european,europeans
fijian,filipino,filipinos,filipina,finnish,finn,finns,french,frenchman,frenchmen,gabonese,gambian,georgian,georgians
german,germans,ghanaian,ghanaians,greek,greeks,greenlander,greenlanders,greenlandic,guatemalan,guatemalans,guinean
guyanese,haitian,haitians,honduran,hondurans,hungarian,hungarians,icelandic,icelander,icelanders,indian,indians
indonesian,indonesians,iranian,iranians,iraqi,iraqis,irish,irishman,israeli,israelis,italian,italians,ivorian,jamaican
jamaicans,japanese,jordanian,jordanians,kazakh,kazakhs,kenyan,kenyans,korean,koreans,kosovar,kuwaiti,kuwaitis,kyrgyz
laotian,latvian,latvians,lebanese,liberian,libyan,libyans,lithuanian,lithuanians,luxembourgish,macedonian,macedonians
malagasy,malawian,malaysian,malaysians,maldivian,malian,maltese,mauritanian,mauritian,mexican,mexicans,moldovan
moldovans,mongolian,mongolians,montenegrin,moroccan,moroccans,mozambican,namibian,nepalese,nepali,new zealander
new zealanders,nicaraguan,nigerian,nigerians,nigerien,norwegian,norwegians,omani,pakistani,pakistanis,palestinian
palestinians,panamanian,paraguayan,paraguayans,peruvian,peruvians,polish,pole,poles,portuguese,qatari,romanian
romanians,russian,russians,rwandan,rwandans,salvadoran,samoan,saudi,saudis,scottish,scot,scots,scotsman,senegalese,serb
serbs,serbian,serbians,singaporean,singaporeans,slovak,slovaks,slovakian,slovene,slovenes,slovenian,slovenians,somali
somalis,south african,south korean,north korean,spanish,spaniard,spaniards,sri lankan,sudanese,surinamese,swazi,swedish
swede,swedes,swiss,syrian,syrians,taiwanese,tajik,tanzanian,thai,thais,tibetan,tibetans,tongan,tunisian,tunisians
turkish,turk,turks,turkmen,ugandan,ugandans,ukrainian,ukrainians,uruguayan,uzbek,venezuelan,venezuelans,vietnamese
welsh,welshman,yemeni,zambian,zimbabwean,african,africans,asian,asians,arab,arabs,arabic,latino,latinos,latina,hispanic
hispanics,caucasian,caucasians,scandinavian,slavic,nordic,balkan,kurd,kurds,kurdish,chechen,chechens,basque,catalan
catalans,flemish,walloon,breton,bavarian,sicilian,roma people,sami,maori,aboriginal,inuit,native american,african american
african americans,afro caribbean,cherokee,navajo,apache people,tamil,tamils,punjabi,bengali,bengalis,gujarati,pashtun
uyghur,uyghurs,han chinese,rohingya,yoruba,igbo,hausa,zulu,hutu,tutsi,christian,christians,catholic,catholics
roman catholic,protestant,protestants,orthodox,lutheran,lutherans,methodist,methodists,baptist,baptists,anglican
anglicans,presbyterian,evangelical,evangelicals,mormon,mormons,quaker,quakers,jehovah's witness,muslim,muslims,islamic
sunni,sunnis,shia,shiite,shiites,shias,sufi,jew,jews,jewish,hindu,hindus,buddhist,buddhists,sikh,sikhs,jain,taoist
atheist,atheists,agnostic,pagan,wiccan,scientologist,democrat,democrats,republican,republicans,conservative party
conservatives,tory,tories,labour party,liberal democrats,socialist,socialists,communist,communists,marxist,marxists
libertarian,libertarians,social democrat,social democrats,christian democrat,nazi,nazis,fascist,fascists,zionist
zionists,anarchist,anarchists)";
}

} // namespace guardrails::checks::tagger
