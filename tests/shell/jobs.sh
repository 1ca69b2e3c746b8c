# Jobs in the background.
sleep 100 & kill -0 $!; echo $?; kill -s 0 $!; echo $?
kill $!; wait $!; echo $?; kill -0 $!; echo $?
