// Countries with their usual short names, and cities, states and regions that many texts speak of.
#include "checks/tagger/gazetteers.hpp"

namespace guardrails::checks::tagger {

std::string_view countries() {
  return R"(afghanistan,albania,algeria,andorra,angola,antigua and barbuda,argentina,armenia,australia,austria,azerbaijan
bahamas,bahrain,bangladesh,barbados,belarus,belgium,belize,benin,bhutan,bolivia,bosnia and herzegovina,bosnia,botswana
brazil,brunei,bulgaria,burkina faso,burundi,cambodia,cameroon,canada,cape verde,chad,chile,china,colombia,comoros,congo
costa rica,croatia,cuba,cyprus,czechia,czech republic,denmark,djibouti,dominica,dominican republic,ecuador,egypt
el salvador,equatorial guinea,eritrea,estonia,eswatini,swaziland,ethiopia,fiji,finland,france,gabon,gambia,georgia
germany,ghana,greece,greenland,grenada,guatemala,guinea,guinea bissau,guyana,haiti,honduras,hungary,iceland,india
indonesia,iran,iraq,ireland,israel,italy,ivory coast,jamaica,japan,jordan,kazakhstan,kenya,kiribati,kosovo,kuwait
kyrgyzstan,laos,latvia,lebanon,lesotho,liberia,libya,liechtenstein,lithuania,luxembourg,macedonia,north macedonia
madagascar,malawi,malaysia,maldives,mali,malta,marshall islands,mauritania,mauritius,mexico,micronesia,moldova,monaco
mongolia,montenegro,morocco,mozambique,myanmar,burma,namibia,nauru,nepal,netherlands,holland,new zealand,nicaragua,niger
nigeria,north korea,south korea,korea,norway,oman,pakistan,palau,palestine,panama,papua new guinea,paraguay,peru
philippines,poland,portugal,qatar,romania,russia,rwanda,saint lucia,samoa,san marino,saudi arabia,senegal,serbia
seychelles,sierra leone,singapore,slovakia,slovenia,solomon islands,somalia,south africa,south sudan,spain,sri lanka
sudan,suriname,sweden,switzerland,syria,taiwan,tajikistan,tanzania,thailand,togo,tonga,trinidad and tobago,tunisia
turkey,türkiye,turkmenistan,tuvalu,uganda,ukraine,united arab emirates,united kingdom,great britain,britain,england
scotland,wales,northern ireland,united states,united states america,usa,uk,uae,uruguay,uzbekistan,vanuatu,vatican
venezuela,vietnam,yemen,zambia,zimbabwe,puerto rico,hong kong,macau,gibraltar,bermuda,aruba,guam,faroe islands
deutschland,österreich,schweiz,suisse,españa,italia,brasil,méxico,polska,česko,magyarország,suomi,sverige,norge,danmark)";
}

std::string_view places() {
  return R"(london,paris,berlin,madrid,rome,vienna,amsterdam,rotterdam,the hague,utrecht,brussels,antwerp,ghent,bruges
luxembourg,zurich,zürich,geneva,bern,basel,lausanne,munich,münchen,hamburg,cologne,köln,frankfurt,stuttgart,düsseldorf
leipzig,dresden,hanover,hannover,nuremberg,nürnberg,bremen,essen,dortmund,bonn,heidelberg,freiburg,salzburg,graz,linz
innsbruck,prague,praha,brno,bratislava,budapest,debrecen,warsaw,warszawa,kraków,krakow,gdańsk,gdansk,wrocław,wroclaw
poznań,poznan,łódź,lodz,vilnius,riga,tallinn,helsinki,espoo,tampere,turku,oulu,stockholm,gothenburg,göteborg,malmö
malmo,uppsala,oslo,bergen,trondheim,stavanger,copenhagen,københavn,aarhus,odense,reykjavik,reykjavík,dublin,cork,galway
belfast,edinburgh,glasgow,aberdeen,dundee,cardiff,swansea,manchester,liverpool,birmingham,leeds,sheffield,bristol
newcastle,nottingham,leicester,oxford,cambridge,brighton,southampton,portsmouth,plymouth,norwich,york,bath,exeter
coventry,lyon,marseille,toulouse,nice,nantes,strasbourg,montpellier,bordeaux,lille,rennes,reims,grenoble,dijon,cannes
barcelona,valencia,seville,sevilla,zaragoza,málaga,malaga,bilbao,granada,alicante,córdoba,cordoba,murcia,palma,ibiza
lisbon,lisboa,porto,braga,coimbra,milan,milano,roma,naples,napoli,turin,torino,florence,firenze,venice,venezia,bologna
genoa,palermo,verona,pisa,catania,bari,trieste,athens,thessaloniki,patras,crete,sofia,plovdiv,bucharest,cluj,belgrade
novi sad,zagreb,split,dubrovnik,ljubljana,sarajevo,skopje,tirana,pristina,podgorica,chisinau,kyiv,kiev,lviv,odesa,odessa
kharkiv,minsk,moscow,saint petersburg,st petersburg,novosibirsk,kazan,sochi,tbilisi,yerevan,baku,istanbul,ankara,izmir
antalya,tel aviv,jerusalem,haifa,beirut,damascus,aleppo,amman,baghdad,basra,tehran,isfahan,riyadh,jeddah,mecca,medina
doha,dubai,abu dhabi,sharjah,manama,muscat,sanaa,cairo,alexandria,giza,tripoli,tunis,algiers,casablanca,rabat,marrakech
marrakesh,dakar,bamako,abidjan,accra,kumasi,lagos,abuja,ibadan,kano,douala,yaoundé,kinshasa,luanda,kampala,nairobi
mombasa,addis ababa,dar es salaam,kigali,lusaka,harare,maputo,johannesburg,cape town,durban,pretoria,windhoek,gaborone
antananarivo,khartoum,mogadishu,new delhi,delhi,mumbai,bombay,bangalore,bengaluru,hyderabad,chennai,madras,kolkata
calcutta,pune,ahmedabad,jaipur,lucknow,goa,kochi,karachi,lahore,islamabad,peshawar,dhaka,chittagong,colombo,kathmandu
kabul,tashkent,almaty,astana,beijing,shanghai,guangzhou,shenzhen,chengdu,chongqing,wuhan,hangzhou,nanjing,tianjin,xian
suzhou,harbin,taipei,kaohsiung,tokyo,osaka,kyoto,yokohama,nagoya,sapporo,fukuoka,hiroshima,nagasaki,kobe,sendai,seoul
busan,incheon,pyongyang,hanoi,ho chi minh,saigon,da nang,bangkok,phuket,chiang mai,kuala lumpur,penang,jakarta,bandung
surabaya,bali,manila,cebu,davao,yangon,phnom penh,vientiane,ulaanbaatar,sydney,melbourne,brisbane,perth,adelaide
canberra,hobart,darwin,gold coast,auckland,wellington,christchurch,dunedin,suva,new york,new york city,nyc,los angeles
chicago,houston,phoenix,philadelphia,san antonio,san diego,dallas,san jose,austin,jacksonville,fort worth,columbus
charlotte,san francisco,indianapolis,seattle,denver,washington,washington dc,boston,el paso,nashville,detroit
oklahoma city,portland,las vegas,memphis,louisville,baltimore,milwaukee,albuquerque,tucson,fresno,sacramento,kansas city
mesa,atlanta,omaha,colorado springs,raleigh,miami,long beach,virginia beach,oakland,minneapolis,tulsa,tampa,arlington
new orleans,wichita,cleveland,bakersfield,aurora,anaheim,honolulu,santa ana,riverside,corpus christi,lexington,stockton
pittsburgh,cincinnati,anchorage,saint paul,st louis,saint louis,toledo,newark,orlando,buffalo,salt lake city,boise
spokane,tacoma,reno,albany,rochester,syracuse,hartford,providence,richmond,norfolk,charleston,savannah,birmingham
des moines,madison,knoxville,brooklyn,manhattan,queens,bronx,hollywood,palo alto,cupertino,mountain view,menlo park
alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,hawaii,idaho,illinois,indiana,iowa
kansas,kentucky,louisiana,maine,maryland,massachusetts,michigan,minnesota,mississippi,missouri,montana,nebraska,nevada
new hampshire,new jersey,new mexico,north carolina,north dakota,ohio,oklahoma,oregon,pennsylvania,rhode island
south carolina,south dakota,tennessee,texas,utah,vermont,virginia,west virginia,wisconsin,wyoming,toronto,montreal
montréal,vancouver,calgary,edmonton,ottawa,winnipeg,quebec,québec,halifax,hamilton,ontario,alberta,british columbia
manitoba,saskatchewan,nova scotia,new brunswick,newfoundland,mexico city,guadalajara,monterrey,tijuana,cancún,cancun
puebla,havana,kingston,san juan,santo domingo,port au prince,guatemala city,panama city,managua,tegucigalpa,bogotá
bogota,medellín,medellin,cali,cartagena,caracas,quito,guayaquil,lima,cusco,la paz,santa cruz,santiago,valparaíso
buenos aires,rosario,mendoza,montevideo,asunción,são paulo,sao paulo,rio de janeiro,rio,brasília,brasilia,salvador
fortaleza,recife,curitiba,porto alegre,manaus,belo horizonte,europe,asia,africa,america,north america,south america
latin america,antarctica,oceania,middle east,scandinavia,balkans,caribbean,siberia,bavaria,bayern,catalonia,andalusia
tuscany,toscana,sicily,sardinia,lombardy,provence,normandy,brittany,burgundy,alsace,flanders,wallonia,saxony,hesse,tyrol
transylvania,crimea,silesia,lapland,yorkshire,cornwall,devon,kent,essex,sussex,surrey,norfolk,suffolk,punjab,kerala
gujarat,rajasthan,bihar,bengal,tamil nadu,maharashtra,karnataka,new south wales,queensland,victoria,tasmania,tibet
xinjiang,sichuan,guangdong,yunnan,hokkaido,okinawa,java,sumatra,borneo,patagonia,amazon,himalayas,alps,andes,pyrenees
mount everest,everest,danube,rhine,thames,seine,nile,mississippi river,atlantic,pacific,mediterranean,baltic,black sea
red sea,north sea,gulf of mexico,wall street,broadway,times square,central park,silicon valley,heathrow,gatwick)";
}

} // namespace guardrails::checks::tagger
